"""A time-stamping authority on loopback: OpenSSL answers, a small server carries, also lists."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.seals.pki import PKI

REPLY, LONGEST = "application/timestamp-reply", 100_000  # bytes of a query

_CONFIGURATION = """
[tsa]
default_tsa = tests
[tests]
serial = {folder}/serial
signer_cert = {folder}/stamper.pem
certs = {folder}/chain.pem
signer_key = {folder}/stamper.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.55555.1
digests = {digests}
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class Stamper:
    """What the server says; a test may put another answer in its place."""

    def __init__(self, folder: Path, pki: PKI) -> None:
        self.pki = pki
        self.asked = 0
        self.answer: Callable[[bytes], tuple[int, str, bytes]] = self.granted
        self.files = pki.lists()
        self._folder, self._one_at_a_time = folder, threading.Lock()
        (folder / "stamper.pem").write_bytes(pki.stamper.pem)
        (folder / "stamper.key").write_bytes(pki.stamper.key_pem())
        (folder / "chain.pem").write_bytes(pki.body.pem)
        (folder / "serial").write_text("01\n")

    def granted(self, query: bytes) -> tuple[int, str, bytes]:
        return 200, REPLY, self.reply(query)

    def refused(self, query: bytes) -> tuple[int, str, bytes]:
        """Answer as one whose policy does not take the query's hash."""
        return 200, REPLY, self.reply(query, digests="sha512")

    def reply(self, query: bytes, digests: str = "sha256, sha384, sha512") -> bytes:
        """Let OpenSSL answer."""
        with self._one_at_a_time:
            settings = self._folder / "tsa.cnf"
            settings.write_text(_CONFIGURATION.format(folder=self._folder, digests=digests))
            asked, answered = self._folder / "query", self._folder / "reply"
            asked.write_bytes(query)
            command = ["openssl", "ts", "-reply", "-config", settings, "-section", "tests"]
            subprocess.run(
                [*command, "-queryfile", asked, "-out", answered],
                check=True,
                capture_output=True,
                timeout=10,
            )
            return answered.read_bytes()


class _Handler(BaseHTTPRequestHandler):
    stamper: Stamper
    timeout = 10

    def do_POST(self) -> None:
        self.stamper.asked += 1
        query = self.rfile.read(min(int(self.headers["Content-Length"]), LONGEST))
        self._say(*self.stamper.answer(query))

    def do_GET(self) -> None:
        found = self.stamper.files.get(self.path)
        self._say(200 if found else 404, "application/pkix-crl", found or b"")

    def _say(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[Stamper]:
    """Serve on a free port of loopback until the test is over."""
    handler = type("Handler", (_Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        address = f"http://127.0.0.1:{server.server_port}"
        handler.stamper = stamper = Stamper(folder, PKI.make(address))  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield stamper
        finally:
            server.shutdown()
            thread.join(5)

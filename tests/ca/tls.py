"""A TLS server of the tests and those who knock at it, with keys made for the occasion."""

import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)

from tests.ca.cmp import papers
from tests.ca.cmp.papers import Signer

HOST = "127.0.0.1"


class Server(ThreadingHTTPServer):
    """Speaks TLS where it is given a context, and hears out whom it does not let in."""

    def __init__(self, handler: type[BaseHTTPRequestHandler], tls: ssl.SSLContext | None) -> None:
        super().__init__((HOST, 0), handler)
        self.url = f"{'https' if tls else 'http'}://{HOST}:{self.server_port}/"
        if tls:
            self.socket = tls.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )

    def finish_request(self, request: Any, client_address: Any) -> None:
        try:
            if isinstance(request, ssl.SSLSocket):
                request.do_handshake()
        except OSError:
            while socket.socket.recv(request, 1000):  # else its alert would be overtaken
                pass
            return
        super().finish_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of who hangs up before the answer is through."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    @contextmanager
    def running(self) -> Iterator[None]:
        thread = threading.Thread(target=self.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield
        finally:
            self.shutdown()
            self.server_close()
            thread.join()


@dataclass(frozen=True)
class Wire:
    """One root, below it the server and one client; another root with a stranger below it."""

    folder: Path
    root: Signer
    server: Signer
    client: Signer
    stranger: Signer

    def context(self) -> ssl.SSLContext:
        """Return what the server speaks: nobody comes in without a certificate of the root."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        key, chain = self.server.files(self.folder)
        context.load_cert_chain(chain, key)
        context.load_verify_locations(self.roots)
        context.verify_mode = ssl.CERT_REQUIRED
        return context

    @property
    def roots(self) -> Path:
        der = self.root.certificate.public_bytes(Encoding.DER)
        return papers.write(self.folder / "tls-roots.pem", der)

    def settings(self, who: Signer | None = None) -> dict[str, Any]:
        key, chain = (who or self.client).files(self.folder)
        return {"TLS_ROOTS": self.roots, "TLS_KEY_FILE": key, "TLS_CERTIFICATES": chain}

    def sealed(self, passphrase: str) -> dict[str, Any]:
        """Return settings whose key lies encrypted."""
        key, secret = self.folder / "sealed.key", self.folder / "passphrase"
        encryption = BestAvailableEncryption(passphrase.encode())
        key.write_bytes(
            self.client.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
        )
        secret.write_text(f"{passphrase}\n")
        return self.settings() | {"TLS_KEY_FILE": key, "TLS_PASSPHRASE_FILE": secret}


def wire(folder: Path) -> Wire:
    root, other = Signer("tls-root"), Signer("other-root")
    return Wire(
        folder=folder,
        root=root,
        server=Signer("tls-server", issuer=root, address=HOST),
        client=Signer("counter", issuer=root),
        stranger=Signer("stranger", issuer=other),
    )

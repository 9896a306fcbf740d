"""Overa served over HTTP by a process of its own, and somebody who is logged in there.

`python -m tests.benchmarks.served` serves on a free port of the loopback until its input ends.
"""

import http.client
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")
PASSWORD = "bench"


class Visitor:
    """A browser without a screen: one open connection, cookies, the last form's token."""

    def __init__(self, port: int) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        self.cookies: dict[str, str] = {}
        self.token = ""

    def get(self, address: str) -> str:
        return self._ask("GET", address)

    def post(self, address: str, typed: Mapping[str, str]) -> str:
        """Send a form and return the page to which it leads."""
        body = urlencode({**typed, "csrfmiddlewaretoken": self.token})
        return self._ask("POST", address, body)

    def log_in(self, name: str) -> None:
        self.get("/login/")
        self.post("/login/", {"username": name, "password": PASSWORD})

    def _ask(self, method: str, address: str, body: str | None = None) -> str:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.line.request(method, address, body, headers)
        answer = self.line.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        page = answer.read().decode()
        if answer.status == http.client.FOUND:
            return self._ask("GET", answer.headers["Location"])
        if answer.status != http.client.OK:
            raise RuntimeError(f"{method} {address}: {answer.status}")
        found = _TOKEN.search(page)
        self.token = found[1] if found else self.token
        return page


@contextmanager
def server() -> Iterator[tuple[int, int]]:
    """Serve in a child with this process's settings; give its port and its process number."""
    command = [sys.executable, "-m", "tests.benchmarks.served"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=os.environ) as child:
        assert child.stdin
        assert child.stdout
        try:
            yield int(child.stdout.readline()), child.pid
        finally:
            child.stdin.close()


def busy(pid: int) -> float:
    """Return the seconds that a process has computed: the same however busy the machine is."""
    spent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, spent)) / os.sysconf("SC_CLK_TCK")


def peak(pid: int) -> int:
    """Return the most memory that a process ever had, in bytes."""
    found = _PEAK.search(Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) * 1024


def main() -> None:
    import django  # noqa: PLC0415 only the child needs it

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    from django.core.servers.basehttp import (  # noqa: PLC0415
        ThreadedWSGIServer,
        WSGIRequestHandler,
        get_internal_wsgi_application,
    )

    class Quiet(WSGIRequestHandler):
        disable_nagle_algorithm = True  # as gunicorn; else head and body wait for each other

        def log_message(self, *_arguments: object) -> None: ...

    web = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    web.set_app(get_internal_wsgi_application())
    threading.Thread(target=web.serve_forever, daemon=True).start()
    print(web.server_port, flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()

"""The web server's own program on a loopback port, and openssl as the one who asks it."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.conf import LazySettings
from django.core.handlers.wsgi import WSGIHandler
from django.urls import get_resolver


class _Server(ThreadingHTTPServer, WSGIServer):
    """Answers several at a time."""


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 its name
        """Keep the tests' output clean."""


@contextmanager
def serving() -> Iterator[str]:
    """Yield the address of the web server."""
    server = _Server(("127.0.0.1", 0), _Silent)
    server.set_app(WSGIHandler())
    assert get_resolver().url_patterns  # loaded before anybody waits for an answer
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    with serving() as found:
        yield f"{found}/authority"


@pytest.fixture
def sources(web: str, settings: LazySettings) -> dict[str, Any]:
    """Ask the embedded body where the web server shows it; a test takes an address away."""
    section = {**settings.OVERA["STATUS"], "OCSP": f"{web}/ocsp", "CRL": f"{web}/issuing.crl"}
    settings.OVERA = {**settings.OVERA, "STATUS": section}
    return section


def openssl(folder: Path, *arguments: object) -> tuple[int, list[str]]:
    """Return exit code and lines of both outputs."""
    done = subprocess.run(
        ["openssl", *map(str, arguments)], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, (done.stderr + done.stdout).splitlines()

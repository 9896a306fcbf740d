"""OpenSSL's own CMP server: it grants one certificate, made beforehand for the card's key."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ca.cmp import papers, peer

REFERENCE, SECRET = "overa", "a secret of the tests, long enough"
BY_SECRET = ("-srv_ref", REFERENCE, "-srv_secret", f"pass:{SECRET}")


@contextmanager
def serving(folder: Path, certificate: bytes, *options: str) -> Iterator[peer.Way]:
    """Serve `certificate`; `options` protect the server's messages, or let it behave badly."""
    granted = papers.write(folder / "granted.pem", certificate)
    command = ["openssl", "cmp", "-port", str(peer.PORT), "-rsp_cert", str(granted), *options]
    with peer.served(folder, command) as path, peer.way(path) as way:
        yield way

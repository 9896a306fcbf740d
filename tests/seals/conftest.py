"""What the stories of the seal share: a paper, a certification body, a stamper that listens."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from registration.documents import packet
from registration.seals import pades
from registration.seals.base import KeyFile, KeyToken, Level, Sealer
from tests.documents.case import CASE, PRESS, WANTED
from tests.seals import pki, stamper
from tests.seals.stamper import Stamper

PASSPHRASE = b"not a secret"
Make = Callable[..., Sealer]


@pytest.fixture(scope="session")
def paper() -> bytes:
    """Return a request as it is archived."""
    return packet.make(CASE, WANTED[:1], PRESS).papers[0].pdf


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stamper]:
    with stamper.serving(tmp_path_factory.mktemp("stamper")) as started:
        yield started


@pytest.fixture
def authority(server: Stamper) -> Iterator[Stamper]:
    """Let a test change what the server answers, for itself alone."""
    files = dict(server.files)
    yield server
    server.answer, server.files = server.granted, files


@pytest.fixture(scope="session")
def key(server: Stamper, tmp_path_factory: pytest.TempPathFactory) -> KeyFile:
    folder = tmp_path_factory.mktemp("key")
    (folder / "passphrase").write_bytes(PASSPHRASE + b"\n")
    return KeyFile(pki.write_key_file(folder, server.pki, PASSPHRASE), folder / "passphrase")


@pytest.fixture(scope="session")
def sealer(server: Stamper, key: KeyFile) -> Make:
    """Return how sealers are made: by level, and with another key, roots or authority."""

    def make(level: str, own: KeyFile | KeyToken = key, **other: object) -> Sealer:
        address = "" if level == Level.B_B else f"{server.pki.address}/stamp"
        made = {"roots": (server.pki.root.der,), "authority": address} | other
        return Sealer(Level(level), own, **made)  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def sealed(paper: bytes, sealer: Make) -> dict[str, bytes]:
    """Return the paper sealed at every level."""
    return {level: pades.seal(paper, sealer(level)) for level in ("B-B", "B-T", "B-LTA")}


def pem_key(folder: Path, own: pki.Identity, *issuers: pki.Identity, passphrase: bytes) -> KeyFile:
    """Write key and certificates as PEM."""
    (folder / "key.pem").write_bytes(own.key_pem(passphrase))
    (folder / "chain.pem").write_bytes(b"".join(each.pem for each in (own, *issuers)))
    (folder / "words").write_bytes(passphrase)
    words = folder / "words" if passphrase else None
    return KeyFile(folder / "key.pem", words, folder / "chain.pem")

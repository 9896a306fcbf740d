"""An authority whose time stamps the archive asks for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.seals import stamper
from tests.seals.stamper import Stamper


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stamper]:
    with stamper.serving(tmp_path_factory.mktemp("stamper")) as started:
        yield started


@pytest.fixture
def tsa(
    server: Stamper, heads_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stamper]:
    roots = tmp_path / "roots.pem"
    roots.write_bytes(server.pki.root.pem)
    section = {"ADDRESS": f"{server.pki.address}/stamp", "ROOTS": str(roots), "PATIENCE": 5}
    monkeypatch.setitem(settings.OVERA, "AUDIT_TSA", section)
    yield server
    server.answer = server.granted

"""What the archive's stories share: an officer, a folder for files."""

from pathlib import Path

import pytest
from django.conf import settings


class Officer:
    """Whoever acts, as the archive sees them."""

    def get_username(self) -> str:
        return "jelena"

    def __str__(self) -> str:
        return "Јелена Јовић"


@pytest.fixture
def officer() -> Officer:
    return Officer()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the store keeps its files, and nobody else's."""
    monkeypatch.setitem(settings.OVERA, "FILES", tmp_path / "files")
    return tmp_path / "files"


@pytest.fixture
def replica(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "replica").mkdir()
    monkeypatch.setitem(settings.OVERA, "REPLICA", tmp_path / "replica")
    return tmp_path / "replica"

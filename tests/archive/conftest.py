"""What the archive's stories share: an officer, a place for signed heads."""

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
def heads_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "audit" / "heads.jsonl"
    monkeypatch.setitem(settings.OVERA, "AUDIT_HEADS", path)
    return path

"""A certification body of the tests: real keys, a clock that stands still."""

from pathlib import Path

import pytest

from registration.ca.embedded.authority import EmbeddedCA
from tests.ca.cards import NOW, Card


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Root and issuing CA are made once: every test brings its own idempotency key or folder."""
    return tmp_path_factory.mktemp("ca")


@pytest.fixture
def body(tmp_path: Path) -> EmbeddedCA:
    return EmbeddedCA(tmp_path / "ca", clock=lambda: NOW)


@pytest.fixture
def card() -> Card:
    return Card()

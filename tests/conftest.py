"""What every test stands on: a folder for static files, an audit that can be emptied afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils import translation

from archive import triggers
from archive.search import index
from tests.reader import reader

__all__ = ["reader"]

COMMITTING = {"transactional_db", "live_server", "django_db_reset_sequences"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL run again only what asks the database, and in one language."""
    if connection.vendor == "postgresql":
        spared = [item for item in items if not asks_anew(item)]
        config.hook.pytest_deselected(items=spared)
        items[:] = [item for item in items if item not in spared]


def asks_anew(test: pytest.Item) -> bool:
    """Tell whether a test asks the database what no other test asks it."""
    return (commits(test) or uses_database(test)) and language(test) in ("", settings.LANGUAGE_CODE)


def language(test: pytest.Item) -> str:
    """Return the language that a story is told in; empty where it is told in one only."""
    return str(test.callspec.params.get("language", "")) if hasattr(test, "callspec") else ""


def commits(test: pytest.Item) -> bool:
    marker = test.get_closest_marker("django_db")
    kept = bool(marker and marker.kwargs.get("transaction"))
    return kept or bool(COMMITTING & set(test.fixturenames))


def uses_database(test: pytest.Item) -> bool:
    return bool(test.get_closest_marker("django_db")) or "db" in test.fixturenames


@pytest.fixture(scope="session", autouse=True)
def static_folder() -> None:
    """Whitenoise warns, and warnings are errors, when its folder is not there."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def english(settings: LazySettings) -> Iterator[None]:
    """Say what the code says."""
    settings.LANGUAGE_CODE = "en"
    settings.LANGUAGES = [("en", "English")]
    with translation.override("en"):
        yield


@pytest.fixture
def heads_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the heads are signed into, with no others before them."""
    path = tmp_path / "audit" / "heads.jsonl"
    monkeypatch.setitem(settings.OVERA, "AUDIT_HEADS", path)
    return path


@pytest.fixture(autouse=True)
def audit_triggers(request: pytest.FixtureRequest) -> Iterator[None]:
    """Guard the audit in every test; step aside, its words forgotten, when one committed."""
    if not (commits(request.node) or uses_database(request.node)):
        yield
        return
    request.getfixturevalue("_django_db_helper")
    with connection.cursor() as cursor:
        triggers.create(cursor, connection.vendor)
    yield
    if commits(request.node):
        with connection.cursor() as cursor:
            _outlast(cursor)
            triggers.drop(cursor, connection.vendor)
            for table in index.tables():  # no model's, so that nobody else empties them
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - a name of ours


def _outlast(cursor: CursorWrapper) -> None:
    """Let the emptying win where a story's programs are still at work on the same tables."""
    if connection.vendor == "postgresql":
        cursor.execute("SET deadlock_timeout = '1h'")

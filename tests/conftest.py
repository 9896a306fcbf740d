"""What every test stands on: a folder for static files, an audit that can be emptied afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from archive import triggers
from tests.reader import reader

__all__ = ["reader"]

COMMITTING = {"transactional_db", "live_server", "django_db_reset_sequences"}


@pytest.fixture(scope="session", autouse=True)
def static_folder() -> None:
    """Whitenoise warns, and warnings are errors, when its folder is not there."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def audit_triggers(request: pytest.FixtureRequest) -> Iterator[None]:
    """Guard the audit in every test; step aside when a test that committed is emptied by DELETE."""
    marker = request.node.get_closest_marker("django_db")
    commits = bool(COMMITTING & set(request.fixturenames))
    commits = commits or bool(marker and marker.kwargs.get("transaction"))
    if not (marker or commits or "db" in request.fixturenames):
        yield
        return
    request.getfixturevalue("_django_db_helper")
    with connection.cursor() as cursor:
        triggers.create(cursor, connection.vendor)
    yield
    if commits:
        with connection.cursor() as cursor:
            triggers.drop(cursor, connection.vendor)

"""A log that cannot be written stops the work: a full disk, a folder or database not ours."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from archive import errors
from archive.models import AuditEvent, AuditHead
from archive.services import audit
from archive.services.log import heads
from tests.people import logged_in, person

pytestmark = pytest.mark.django_db(transaction=True)


ROOM = 1 << 24  # bytes: more than the tables of these tests need


def write(count: int = 1) -> None:
    for _ in range(count):
        with audit.transaction():
            audit.append("noted", subject="S", by=None)


@contextmanager
def full_disk() -> Iterator[None]:
    """Leave a hundred bytes behind the heads, in the only file that comes near the end of ROOM."""
    lines = heads.heads_file().read_bytes()
    heads.heads_file().write_bytes((b"\n" + lines).rjust(ROOM - 100, b"\0"))
    usual, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (usual, most))


def test_a_full_disk_stops_the_work_after_so_many_events_and_lets_it_go_on_by_itself(
    heads_file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(settings.OVERA, "AUDIT_HEAD_EVERY", 5)
    monkeypatch.setitem(settings.OVERA, "AUDIT_UNSIGNED_EVENTS", 12)
    write()
    with full_disk():
        write(12)  # 1 is signed
        assert "File too large" in caplog.text
        with pytest.raises(errors.LogUnwritableError) as caught:
            write()
    assert (caught.value.reason, AuditEvent.objects.count()) == ("heads", 13)
    write()
    assert (AuditEvent.objects.count(), AuditHead.objects.get().signed) == (14, 13)
    assert audit.verify().findings == ()


def test_a_line_that_does_not_fit_as_a_whole_leaves_nothing(heads_file: Path) -> None:
    write()
    with full_disk():
        kept = heads_file.read_bytes()
        with pytest.raises(OSError, match="File too large"):
            heads.sign_head()
        assert heads_file.read_bytes() == kept
    heads.sign_head()
    assert audit.verify().findings == ()


def test_old_events_without_a_head_stop_the_work(
    heads_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.OVERA, "AUDIT_UNSIGNED_HOURS", 4)
    write()
    heads_file.unlink()
    heads_file.mkdir()  # nobody can write that, not even root
    AuditHead.objects.update(signed=0, unsigned_since=timezone.now() - timedelta(hours=3))
    write()
    AuditHead.objects.update(unsigned_since=timezone.now() - timedelta(hours=5))
    with pytest.raises(errors.LogUnwritableError):
        write()
    assert Client().get("/health/").json() == {
        "chain": "writable",
        "heads": "missing",
        "unsigned": 2,
        "unstamped": 0,
    }


def test_heads_catch_up_where_no_worker_signs_them_each_hour(heads_file: Path) -> None:
    write(2)
    assert AuditHead.objects.get().signed == 1
    AuditHead.objects.update(unsigned_since=timezone.now() - timedelta(hours=2))
    write()
    head = AuditHead.objects.get()
    assert (head.signed, head.unsigned_since) == (3, None)


@pytest.fixture
def reader(heads_file: Path) -> Client:
    return logged_in(person("reader", None, "view_record"))


@pytest.fixture
def chain_refused() -> Iterator[None]:
    """The database takes no event any more, as it does not on a disk without place."""
    statements = {
        "sqlite": ["PRAGMA query_only = ON"],
        "postgresql": ["SET default_transaction_read_only = on"],
    }[connection.vendor]
    back = [statement.replace("ON", "OFF").replace("= on", "= off") for statement in statements]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        yield
        for statement in back:
            cursor.execute(statement)


@pytest.mark.parametrize("language", ["sr", "en"])
def test_pages_say_that_nothing_can_be_written(
    reader: Client, chain_refused: None, language: str
) -> None:
    reader.cookies["django_language"] = language
    answer = reader.post("/archive/", {"box": "Ана"})
    said = {"sr": "Дневник се сада не може уписати", "en": "Nothing can be written now"}[language]
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert said in answer.content.decode()
    health = Client().get("/health/")
    assert (health.status_code, health.json()["chain"]) == (503, "unwritable")


def test_a_sound_log_is_healthy(heads_file: Path) -> None:
    write()
    answer = Client().get("/health/")
    assert (answer.status_code, answer.json()["chain"]) == (200, "writable")

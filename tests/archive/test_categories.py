"""The list of categories: two people, one draft, and what was filed keeps its own."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from archive.models import AuditEvent, CategoryList, Record, RecordEvent
from archive.services import records, refusals
from archive.services.keeping import applying, categories, keeping_refusals
from tests.archive import cases, keeping
from tests.archive.conftest import Officer
from tests.archive.keeping import MIRA, RUZA

pytestmark = pytest.mark.django_db


def refused() -> list[str]:
    rows = AuditEvent.objects.filter(event__endswith=".refused").order_by("number")
    return [row.facts["reason"] for row in rows]


def kept(record: Record) -> tuple[str, int, date | None]:
    record.refresh_from_db()
    assert record.category is not None
    return record.category.mark, record.category.list.number, record.retained_until


def test_a_version_is_put_in_force_by_somebody_else() -> None:
    draft = categories.begin(by=RUZA)
    tries: list[tuple[type[Exception], Callable[[], object]]] = [
        (keeping_refusals.ListUnderWayError, lambda: categories.begin(by=MIRA)),
        (
            keeping_refusals.AnothersDraftError,
            lambda: categories.write(2, keeping.written(), by=MIRA),
        ),
        (
            keeping_refusals.OwnListError,
            lambda: categories.put_in_force(2, draft.written_at, by=RUZA),
        ),
        (
            keeping_refusals.ConsentMissingError,
            lambda: categories.put_in_force(2, draft.written_at, by=MIRA),
        ),
        (keeping_refusals.NoDraftError, lambda: categories.discard(1, by=MIRA)),
    ]
    for error, act in tries:
        with pytest.raises(error):
            act()
    assert refused() == [
        "another draft",
        "another's draft",
        "same person",
        "no consent",
        "no draft",
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        CategoryList.objects.filter(number=2).update(state="in_force", approved_by="ruza")


def test_what_is_put_in_force_is_whole_and_what_was_read() -> None:
    draft = categories.begin(by=RUZA)
    lines = keeping.longer(12)
    yesterday = timezone.localdate() - timedelta(days=1)
    tries = [
        (keeping.written(*lines[:-1]), keeping_refusals.UncoveredCasesError),
        (keeping.written(*lines, valid_from=yesterday), keeping_refusals.ListDateError),
    ]
    for written, error in tries:
        categories.write(2, written, by=RUZA)
        seen = CategoryList.objects.get(number=2).written_at
        with pytest.raises(error):
            categories.put_in_force(2, seen, by=MIRA)
    categories.write(2, keeping.written(*lines), by=RUZA)
    with pytest.raises(keeping_refusals.ChangedListError):
        categories.put_in_force(2, draft.written_at, by=MIRA)


def test_records_keep_their_list_until_the_new_one_is_applied(officer: Officer) -> None:
    issued = records.file(cases.filing(), by=officer)
    refused_case = records.file(cases.filing(certificates=(), state="refused"), by=officer)
    keeping.second(15)
    later = records.file(cases.filing(), by=officer)
    assert kept(issued) == ("КЕС-1", 1, date(2041, 12, 31))
    assert kept(later) == ("КЕС-1", 2, date(2046, 12, 31))
    with pytest.raises(refusals.ReasonMissingError):
        applying.start(" ", by=RUZA)
    running = applying.start("Налог директора 5/26", by=RUZA)
    assert applying.start("second click", by=MIRA) == running
    while applying.go_on(running.pk):
        pass
    running.refresh_from_db()
    assert (running.changed, running.reason) == (2, "Налог директора 5/26")
    assert kept(issued) == ("КЕС-1", 2, date(2046, 12, 31))
    assert kept(refused_case) == ("КЕС-4", 2, date(2041, 12, 31))
    event = issued.events.get(kind=RecordEvent.Kind.RETENTION)
    assert (event.text, event.note, event.actor) == (
        "листа 2, категорија КЕС-1: Налог директора 5/26",
        "2041-12-31 → 2046-12-31",
        "Ruza",
    )
    counted = AuditEvent.objects.filter(event="record.term_counted").order_by("number")
    assert [(each.actor, each.facts["category"]) for each in counted] == [
        ("ruza", "КЕС-1"),
        ("ruza", "КЕС-4"),
    ]
    with pytest.raises(keeping_refusals.NothingToApplyError):
        applying.start("again", by=RUZA)


def test_applying_resumes_where_it_was_interrupted(
    officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "_TOGETHER", 1)
    filed = [records.file(cases.filing(), by=officer) for _ in range(3)]
    keeping.second(None)
    running = applying.start("трајно", by=RUZA)
    assert applying.go_on(running.pk, limit=2)
    assert [kept(each)[1] for each in filed] == [2, 2, 1]
    assert not applying.go_on(running.pk, limit=9)
    assert [kept(each) for each in filed] == [("КЕС-1", 2, None)] * 3
    notes = RecordEvent.objects.filter(kind=RecordEvent.Kind.RETENTION)
    assert set(notes.values_list("note", flat=True)) == {"2041-12-31 → permanent"}
    assert notes.count() == 3

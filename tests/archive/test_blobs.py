"""A file goes when the last row that names it is gone, whoever comes at the same moment."""

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from archive import addresses, store
from archive.models import (
    AuditEvent,
    Blob,
    CustodyEntry,
    Record,
    RecordCertificate,
    RecordEvent,
    RecordFile,
)
from archive.services import audit, records
from archive.services.files import blobs
from tests.archive import cases
from tests.archive.conftest import Officer
from tests.concurrency.at_once import at_once, just_before

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("folder", "heads_file"),
]


def delete(record: Record) -> set[str]:
    named = blobs.of_record(record)
    for model in (CustodyEntry, RecordFile, RecordCertificate, RecordEvent):
        model.objects.filter(record=record).delete()
    Record.objects.filter(pk=record.pk).delete()
    return named


def destroy(record: Record, by: Officer, fail: Callable[[], object] = int) -> set[str]:
    with audit.transaction():
        named = delete(record)
        blobs.drop(named, by=by)
        fail()
    return named


def test_a_shared_file_goes_with_its_last_record(officer: Officer) -> None:
    """Terms and request say the same in both cases; the certificates are each one's own."""
    first, second = (records.file(cases.filing(), by=officer) for _ in range(2))
    shared = {file.sha256 for file in second.files.all()}
    own = destroy(first, officer) - shared
    assert len(own) == 2
    assert not any(store.exists(each) for each in own)
    assert all(store.exists(each) for each in shared)
    assert not any(store.exists(each) for each in destroy(second, officer))
    assert Blob.objects.count() == 0
    said = AuditEvent.objects.filter(event__startswith="files.").order_by("pk")
    assert [(each.event, len(each.facts["sha256"])) for each in said] == [
        ("files.drop", 2),
        ("files.destroyed", 2),
        ("files.drop", 5),
        ("files.destroyed", 5),
    ]


def test_what_the_counter_names_stays_too() -> None:
    named = {str(each) for each in addresses.columns()}
    assert {
        "archive.recordfile.sha256",
        "archive.recordorigin.picture",
        "archive.recordcertificate.sha256",
        "registration.packet.merged",
        "registration.paper.sha256",
        "registration.paperscan.sha256",
        "registration.paperseal.source",
        "registration.paperseal.sha256",
        "registration.sheet.original",
        "registration.sheet.picture",
        "registration.mark.cut",
        "registration.letterrun.sha256",
    } <= named


def test_a_destruction_that_is_rolled_back_destroys_nothing(officer: Officer) -> None:
    record = records.file(cases.filing(), by=officer)
    with pytest.raises(ZeroDivisionError):
        destroy(record, officer, fail=lambda: 1 // 0)
    assert all(store.exists(each) for each in blobs.of_record(record))


def test_who_names_a_dropped_file_before_it_is_destroyed_keeps_it(officer: Officer) -> None:
    record = records.file(cases.filing(), by=officer)
    with audit.transaction():
        named = delete(record)
        blobs.drop(named, by=officer)
        again = records.file(cases.filing(), by=officer)
    assert all(store.exists(each) for each in blobs.of_record(again))
    assert {each for each in named if store.exists(each)} == {
        file.sha256 for file in again.files.all()
    }


@pytest.mark.parametrize("race", [at_once, just_before] * 4)
def test_a_filing_of_the_same_bytes_at_the_same_moment_loses_none(
    officer: Officer, race: Callable[..., list[object]]
) -> None:
    """Either it comes first and the file stays, or it is told that the bytes must be put again."""
    before = records.file(cases.filing(), by=officer)
    filing = cases.filing()
    acts = [partial(destroy, before, officer), partial(records.file, filing, by=officer)]
    gone, told = race(*acts)
    assert isinstance(told, (Record, records.FilingError))
    assert isinstance(gone, set)
    if isinstance(told, records.FilingError):
        assert not Record.objects.exists()
        cases.filing()  # puts the papers again
        records.file(filing, by=officer)
    record = Record.objects.get()
    assert all(store.exists(each) for each in blobs.of_record(record))


def test_a_destruction_waits_for_a_filing_of_the_same_bytes(officer: Officer) -> None:
    before, filing = records.file(cases.filing(), by=officer), cases.filing()
    written = threading.Event()

    def file() -> None:
        with audit.transaction():
            records.file(filing, by=officer)
            written.set()
            time.sleep(0.5)  # for the other one to come as far as it can

    def remove() -> None:
        written.wait(30)
        destroy(before, officer)

    with ThreadPoolExecutor(2) as pool:
        for each in [pool.submit(_alone, file), pool.submit(_alone, remove)]:
            each.result(60)
    assert all(store.exists(each) for each in blobs.of_record(Record.objects.get()))


def _alone(act: Callable[[], None]) -> None:
    try:
        act()
    finally:
        connection.close()


def test_two_destructions_at_once_leave_no_file(officer: Officer) -> None:
    both = [records.file(cases.filing(), by=officer) for _ in range(2)]
    files = {each for record in both for each in blobs.of_record(record)}
    gone = at_once(*(partial(destroy, record, officer) for record in both))
    assert set.union(*gone) == files
    assert not any(store.exists(each) for each in files)


def test_the_sweep_ends_what_was_begun(officer: Officer, folder: Path) -> None:
    record = records.file(cases.filing(), by=officer)
    named, dropped, draft = blobs.of_record(record), store.put(b"dropped"), folder / ".drafts" / "x"
    draft.write_bytes(b"half")
    long_ago = (timezone.now() - timedelta(days=2)).timestamp()
    os.utime(draft, (long_ago, long_ago))
    begun = timezone.now() - timedelta(hours=1)
    Blob.objects.create(sha256=dropped, dropped_at=begun)
    Blob.objects.filter(sha256=min(named)).update(dropped_at=begun)
    blobs.sweep(timezone.now())
    assert all(store.exists(each) for each in named)
    assert not store.exists(dropped)
    assert not draft.exists()

"""Two clerks at one folder, one box, one tree: one takes effect, the other is told."""

from functools import partial

import pytest
from django.utils import timezone

from archive.models import CustodyEntry, Loan, PlaceCheck, Record
from archive.services import records
from archive.services.paper import custody, loans, place_checks, places, shelving
from archive.services.paper.paper_refusals import OnLoanError, RefusedError, WrongPlaceError
from tests.archive import cases, shelves
from tests.archive.shelves import Clerk
from tests.concurrency.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)

CLERK = Clerk()


@pytest.fixture
def record(transactional_db: None) -> Record:
    return records.file(cases.filing(), by=CLERK)


def told(outcomes: list[object]) -> list[type]:
    """Return the errors of who was refused; each is a sentence."""
    faults = [each for each in outcomes if isinstance(each, BaseException)]
    for fault in faults:
        if not isinstance(fault, RefusedError):
            raise fault
        assert fault.sentence().endswith(".")
    return [type(fault) for fault in faults]


def test_two_clerks_lend_one_folder(record: Record) -> None:
    lend = partial(loans.lend, record, shelves.terms(), by=CLERK)
    assert told(at_once(lend, lend)) == [OnLoanError]
    assert Loan.objects.get().shown_number == f"1/{timezone.localdate().year}"
    assert CustodyEntry.objects.filter(holder="loan").count() == 1


def test_a_folder_that_is_lent_is_not_destroyed_at_the_same_moment(record: Record) -> None:
    outcomes = at_once(
        partial(loans.lend, record, shelves.terms(), by=CLERK),
        partial(custody.destroyed, record, by=CLERK, reason="3/2040"),
    )
    assert len(told(outcomes)) == 1
    gone = CustodyEntry.objects.filter(holder="destroyed").exists()
    assert Loan.objects.filter(returned_at=None).exists() is not gone


def test_two_clerks_take_one_folder_back(record: Record) -> None:
    loans.lend(record, shelves.terms(), by=CLERK)
    back = partial(loans.give_back, record, by=CLERK)
    assert len(told(at_once(back, back))) == 1
    assert CustodyEntry.objects.filter(kind="folder").count() == 2


def test_two_clerks_check_one_box_and_no_scan_is_lost(record: Record) -> None:
    box = shelves.box(CLERK)
    shelving.put(record, box, by=CLERK)
    begin = partial(place_checks.begin, box, by=CLERK)
    assert told(at_once(begin, begin)) == []
    check = PlaceCheck.objects.get()
    codes = [record.folder_code, *(f"label {number}" for number in range(5))]
    scans = (partial(place_checks.scan, check, code, by=CLERK) for code in codes)
    assert told(at_once(*scans)) == []
    check.refresh_from_db()
    assert sorted(check.scanned) == sorted(codes)


def test_two_shelves_do_not_come_to_stand_in_each_other() -> None:
    room = shelves.made("room", "Соба 1", None, CLERK)
    one, other = (shelves.made("shelf", name, room, CLERK) for name in ("А", "Б"))
    outcomes = at_once(
        partial(places.move, one, other, by=CLERK), partial(places.move, other, one, by=CLERK)
    )
    assert told(outcomes) == [WrongPlaceError]
    assert {each.path.count("/") for each in (one, other)} == {1}
    for each in (one, other):
        each.refresh_from_db()
    assert sorted(each.path.count("/") for each in (one, other)) == [1, 2]

"""Places, folders in them, loans by revers, checks of a box: what the services promise."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from archive import codes
from archive.models import AuditEvent, CustodyEntry, Loan, Place, Record
from archive.models.custody import FOLDER
from archive.queries import custody as found
from archive.queries import places as lying
from archive.services import numbering, records
from archive.services.paper import custody, loans, paper_refusals, place_checks, places, shelving
from tests.archive import cases, shelves
from tests.archive.conftest import Officer
from tests.archive.shelves import Clerk, made, terms

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def clerk() -> Clerk:
    return Clerk()


@pytest.fixture
def box(clerk: Clerk) -> Place:
    return shelves.box(clerk)


@pytest.fixture
def record(officer: Officer) -> Record:
    return filed(officer)


def filed(officer: Officer, **changes: object) -> Record:
    return records.file(cases.filing(**changes), by=officer)


def folder_entries(record: Record) -> list[tuple[str, str]]:
    rows = record.custody.filter(kind=FOLDER).order_by("id")
    return [(each.holder, each.where) for each in rows]


def test_a_folder_goes_into_a_box_on_loan_and_back_and_the_ledger_tells_it(
    clerk: Clerk, box: Place, record: Record
) -> None:
    assert box.path == "Соба 2 / Полица А / Кутија 7"
    assert (shelving.put(record, box, by=clerk), shelving.put(record, box, by=clerk)) == (
        True,
        False,
    )
    loan = loans.lend(record, terms(), by=clerk)
    assert loan.shown_number == f"1/{timezone.localdate().year}"
    assert list(found.on_loan([record])) == [loan]
    loans.give_back(record, by=clerk)
    assert folder_entries(record) == [
        ("place", box.path),
        ("loan", "Марко Савић, Основни суд"),
        ("place", box.path),
    ]
    shelving.take_out(record, by=clerk)
    assert folder_entries(record)[-1] == ("office", "")
    events = AuditEvent.objects.filter(subject=record.file_number).order_by("id")
    assert [each.event for each in events] == [
        "record.filed",
        "folder.put",
        "loan.lend",
        "loan.give_back",
        "folder.take_out",
    ]
    assert "Савић" not in str([each.facts for each in events])


def test_a_lent_folder_is_not_lent_again_not_put_away_not_taken_out(
    clerk: Clerk, box: Place, record: Record
) -> None:
    shelving.put(record, box, by=clerk)
    loans.lend(record, terms(), by=clerk)
    other = made("box", "Кутија 8", box.parent, clerk)
    for act, event in (
        (lambda: loans.lend(record, terms(), by=clerk), "loan.lend"),
        (lambda: shelving.put(record, other, by=clerk), "folder.put"),
        (lambda: shelving.take_out(record, by=clerk), "folder.take_out"),
    ):
        with pytest.raises(paper_refusals.OnLoanError) as refused:
            act()
        assert "Марко Савић, Основни суд" in refused.value.sentence()
        assert f"1/{timezone.localdate().year}" in refused.value.sentence()
        refusal = AuditEvent.objects.get(event=f"{event}.refused")
        assert refusal.facts == {
            "reason": "on loan",
            "folder": str(record),
            "number": f"1/{timezone.localdate().year}",
        }
    with pytest.raises(paper_refusals.OnLoanError):
        custody.destroyed(record, by=clerk, reason="3/2040")
    assert Record.objects.get(pk=record.pk).place == box
    assert Loan.objects.count() == 1


def test_the_database_itself_allows_one_open_loan_of_a_record(clerk: Clerk, record: Record) -> None:
    loan = loans.lend(record, terms(), by=clerk)
    loan.pk, loan.number = None, 2
    with pytest.raises(IntegrityError), transaction.atomic():
        loan.save(force_insert=True)


def test_one_copy_is_lent_and_the_folder_stays(clerk: Clerk, box: Place, record: Record) -> None:
    kept, given = record.files.get(kind="terms", copy=1), record.files.get(kind="terms", copy=2)
    with pytest.raises(paper_refusals.NoSuchCopyError):
        loans.lend(record, terms(paper=given), by=clerk)
    loans.lend(record, terms(paper=kept), by=clerk)
    shelving.put(record, box, by=clerk)
    now = {each.thing: each.holder for each in found.holders(found.ledger(record))}
    assert (now[FOLDER, 0, ""], now["terms", 1, ""], now["terms", 2, ""]) == (
        "place",
        "loan",
        "citizen",
    )
    loans.give_back(record, by=clerk)
    now = {each.thing: each.holder for each in found.holders(found.ledger(record))}
    assert (now[FOLDER, 0, ""], now["terms", 1, ""]) == ("place", "office")


def test_a_loan_that_is_late_is_found_and_may_be_prolonged(clerk: Clerk, record: Record) -> None:
    with pytest.raises(paper_refusals.LoanTermError):
        loans.lend(record, terms(due_on=timezone.localdate() - timedelta(days=1)), by=clerk)
    loan = loans.lend(record, terms(due_on=timezone.localdate()), by=clerk)
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert list(found.loans(clerk, only="overdue")) == []
    assert list(found.loans(clerk, only="overdue", today=tomorrow)) == [loan]
    loans.prolong(loan, tomorrow, "вештак тражи још дан", by=clerk)
    assert list(found.loans(clerk, only="overdue", today=tomorrow)) == []
    loans.give_back(record, by=clerk)
    with pytest.raises(paper_refusals.NotLentError):
        loans.prolong(loan, tomorrow, "још", by=clerk)
    assert list(found.loans(clerk, only="returned")) == [loan]


def test_numbers_of_reverses_have_no_gap(clerk: Clerk, officer: Officer) -> None:
    first, second = filed(officer), filed(officer)
    loans.lend(first, terms(), by=clerk)
    with pytest.raises(paper_refusals.OnLoanError):
        loans.lend(first, terms(), by=clerk)
    assert loans.lend(second, terms(), by=clerk).number == 2
    assert numbering.take("revers", timezone.localdate().year + 1) == 1


def test_a_destroyed_folder_is_in_no_box_and_nobody_who_had_it_is_named(
    clerk: Clerk, box: Place, record: Record
) -> None:
    shelving.put(record, box, by=clerk)
    loans.lend(record, terms(), by=clerk)
    loans.give_back(record, by=clerk)
    custody.destroyed(record, by=None, reason="3/2040")
    custody.destroyed(record, by=None, reason="3/2040")
    assert (record.place, folder_entries(record)[-1]) == (None, ("destroyed", ""))
    assert record.custody.filter(holder="destroyed").count() == 1
    told = [*CustodyEntry.objects.values_list("where", "reason"), *Loan.objects.values_list()]
    assert "Савић" not in str(told)
    assert list(lying.unplaced(clerk)) == []
    with pytest.raises(paper_refusals.DestroyedError):
        shelving.put(record, box, by=clerk)


def test_what_a_check_finds_is_named_and_kept(clerk: Clerk, box: Place, officer: Officer) -> None:
    here, missing, lent, strange, late = (filed(officer) for _ in range(5))
    other = made("box", "Кутија 8", box.parent, clerk)
    for each in (here, missing, lent, late):
        shelving.put(each, box, by=clerk)
    shelving.put(strange, other, by=clerk)
    for each in (lent, late):
        loans.lend(each, terms(), by=clerk)
    check = place_checks.begin(box, by=clerk)
    assert place_checks.begin(box, by=clerk) == check
    read = (here.folder_code, strange.folder_code.lower(), late.folder_code, cases.JMBG)
    assert [place_checks.scan(check, each, by=clerk).thing for each in read] == [
        here,
        strange,
        late,
        None,
    ]
    assert place_checks.scan(check, here.file_number, by=clerk).again
    result = place_checks.finish(check, by=clerk)
    assert (result.none, result.plain()) == (
        False,
        {
            "present": 2,
            "missing": (missing.file_number,),
            "lent": ((lent.file_number, f"1/{timezone.localdate().year}"),),
            "returned": ((late.file_number, f"2/{timezone.localdate().year}"),),
            "elsewhere": ((strange.file_number, other.path),),
            "unknown": ("**********020",),
        },
    )
    check.refresh_from_db()
    assert (check.finished_by, check.result["missing"]) == (str(clerk), [missing.file_number])
    event = AuditEvent.objects.get(event="place.check.finish")
    assert (event.subject, event.facts["missing"]) == (box.code, [missing.file_number])
    with pytest.raises(paper_refusals.CheckEndedError):
        place_checks.scan(check, here.folder_code, by=clerk)


def test_a_shelf_is_checked_by_the_boxes_on_it(clerk: Clerk, box: Place) -> None:
    other = made("box", "Кутија 8", box.parent, clerk)
    check = place_checks.begin(box.parent, by=clerk)
    place_checks.scan(check, box.code, by=clerk)
    assert place_checks.finish(check, by=clerk).missing == (other.name,)


def test_the_tree_is_sorted_as_people_count_and_counts_what_lies_below(
    clerk: Clerk, box: Place, record: Record
) -> None:
    for name in ("Кутија 10", "Кутија 2"):
        made("box", name, box.parent, clerk)
    shelving.put(record, box, by=clerk)
    (room,) = lying.tree(clerk)
    (on_shelf,) = room.branches
    assert [each.place.name for each in on_shelf.branches] == ["Кутија 2", "Кутија 7", "Кутија 10"]
    assert (room.folders, on_shelf.folders) == (1, 1)


def test_places_stand_where_they_can(clerk: Clerk, box: Place) -> None:
    on, room = box.parent, box.parent.parent
    inner = made("shelf", "Полица А1", on, clerk)
    for moved, to in ((on, inner), (on, box), (room, on)):
        with pytest.raises(paper_refusals.WrongPlaceError):
            places.move(moved, to, by=clerk)
    with pytest.raises(paper_refusals.WrongPlaceError):
        made("box", "Кутија", None, clerk)
    with pytest.raises(paper_refusals.TakenNameError):
        made("box", box.name, on, clerk)
    code = box.code
    assert places.move(box, inner, by=clerk)
    box.refresh_from_db()
    assert (box.path, box.code) == ("Соба 2 / Полица А / Полица А1 / Кутија 7", code)


def test_nothing_is_put_into_what_is_closed(clerk: Clerk, box: Place, record: Record) -> None:
    places.close(box.parent, by=clerk)
    with pytest.raises(paper_refusals.ClosedPlaceError) as refused:
        shelving.put(record, box, by=clerk)
    assert refused.value.sentence().startswith("Полица А is closed")
    places.reopen(box.parent, by=clerk)
    assert shelving.put(record, box, by=clerk)


def test_only_what_was_never_used_is_removed(clerk: Clerk, box: Place, record: Record) -> None:
    empty = made("box", "Кутија 8", box.parent, clerk)
    places.remove(empty, by=clerk)
    shelving.put(record, box, by=clerk)
    shelving.take_out(record, by=clerk)
    for each in (box, box.parent):
        with pytest.raises(paper_refusals.NotEmptyError):
            places.remove(each, by=clerk)


def test_an_offices_box_takes_the_offices_folders(clerk: Clerk, officer: Officer) -> None:
    (room,) = places.add("room", "Соба 1", parent=None, office_code="NS-01", by=clerk)
    with pytest.raises(paper_refusals.OtherOfficeError):
        shelving.put(filed(officer), room, by=clerk)
    assert shelving.put(filed(officer, office_code="NS-01"), room, by=clerk)


def test_every_code_on_a_folder_leads_to_its_record(clerk: Clerk, box: Place) -> None:
    record = filed(clerk, case_number="260000123", file_number="123/2026")
    page = "1A260000123FL001101010178ABCDEFGH"
    for text in (record.folder_code, page, "123/2026", "26-0000123", "260000123"):
        assert lying.scanned(text, clerk) == record, text
    assert lying.scanned(box.shown_code, clerk) == box
    assert lying.scanned(codes.folder(), clerk) is None


def test_several_boxes_are_numbered_on(clerk: Clerk, box: Place) -> None:
    row = places.add("box", "К-008", parent=box.parent, count=3, years="2026", by=clerk)
    assert [(each.name, each.years) for each in row] == [
        ("К-008", "2026"),
        ("К-009", "2026"),
        ("К-010", "2026"),
    ]
    assert places.names("Кутија", 2) == ["Кутија 1", "Кутија 2"]
    with pytest.raises(paper_refusals.TakenNameError):
        places.add("box", "К-007", parent=box.parent, count=2, by=clerk)
    assert not Place.objects.filter(name="К-007").exists()

"""The pages of the paper: what scans do there, what is told, what is printed."""

import io
import re
from collections.abc import Sequence
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from archive import codes
from archive.models import AuditEvent, Loan, Place, PlaceCheck, Record
from archive.services import records
from archive.services.paper import custody, labels, loans, place_checks, reverses, shelving
from tests.archive import cases, shelves
from tests.archive.conftest import Officer
from tests.archive.searching import search
from tests.archive.shelves import Clerk, made
from tests.people import logged_in, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

KEEPS = ("view_record", "view_recordfile", "keep_paper")


@pytest.fixture
def clerk() -> Client:
    return logged_in(person("ruza", None, *KEEPS, "view_every_office"))


@pytest.fixture
def box() -> Place:
    return shelves.box(Clerk())


@pytest.fixture
def record(officer: Officer) -> Record:
    return records.file(cases.filing("Ђорђевић", "Љиљана", office_code="BG-01"), by=officer)


def scan(client: Client, name: str, code: str, *numbers: int, mode: str = "") -> list[str]:
    """Scan as the page's field does; return what is told."""
    query = f"?mode={mode}" if mode else ""
    address = reverse(f"archive:{name}", args=numbers) + query
    return told(client.post(address, {"code": code}, follow=True))


def told(answer: Any) -> list[str]:
    return [str(each) for each in answer.context["messages"]]


def page(client: Client, name: str, *numbers: int) -> str:
    answer = client.get(reverse(f"archive:{name}", args=numbers))
    assert answer.status_code == 200
    return answer.content.decode()


def test_folders_are_put_in_and_taken_out_by_scans(
    clerk: Client, box: Place, record: Record
) -> None:
    assert record.file_number in page(clerk, "unplaced")
    number = record.file_number
    for code, mode, said in (
        (record.folder_code, "in", f"{number} is in Кутија 7 now."),
        (record.folder_code, "in", f"{number} is in Кутија 7 already."),
        (box.code, "in", "This is the label of this very place."),
        (record.shown_folder_code.lower(), "out", f"{number} is taken out and has no place now."),
        (
            record.folder_code,
            "out",
            f"{number} is not from here; it has no place. Nothing was done.",
        ),
    ):
        assert scan(clerk, "place", code, box.pk, mode=mode) == [said]


def test_a_wrong_scan_says_what_is_wrong_and_nothing_is_done(
    clerk: Client, box: Place, record: Record
) -> None:
    wrong = ("7" if record.folder_code[5] != "7" else "8").join(  # a digit: no word is meant
        (record.folder_code[:5], record.folder_code[6:])
    )
    (misread,) = scan(clerk, "place", wrong, box.pk)
    assert misread.endswith("was read wrong. Scan it again, or type what stands below the square.")
    (unknown,) = scan(clerk, "place", codes.folder(), box.pk)
    assert "is no label of this archive." in unknown
    (typed,) = scan(clerk, "loans", cases.JMBG)
    assert cases.JMBG not in typed
    assert scan(clerk, "place", "  ", box.pk) == []
    assert record.custody.filter(kind="folder").count() == 0


def test_the_next_boxs_label_leads_to_that_box_and_a_box_scanned_on_a_shelf_stands_there(
    clerk: Client, box: Place
) -> None:
    other = made("box", "Кутија 8", box.parent, Clerk())
    answer = clerk.post(reverse("archive:place", args=[box.pk]), {"code": other.code})
    assert answer["Location"] == reverse("archive:place", args=[other.pk])
    shelf = made("shelf", "Полица Б", box.parent.parent, Clerk())
    assert scan(clerk, "place", box.code, shelf.pk) == [
        "Кутија 7 is in Полица Б now; before: Соба 2 / Полица А."
    ]


def test_a_code_in_the_search_box_leads_there(clerk: Client, box: Place, record: Record) -> None:
    for code, name, number in (
        (record.folder_code, "record", record.pk),
        (box.shown_code, "place", box.pk),
    ):
        answer = clerk.post(reverse("archive:search"), {"box": code})
        assert answer["Location"] == reverse(f"archive:{name}", args=[number])
    reader = logged_in(person("sneza", "BG-01", "view_record"))
    address, _ = search(reader, box=box.code)
    assert address.startswith(reverse("archive:search"))


def test_a_loan_from_the_record_to_the_return(clerk: Client, box: Place, record: Record) -> None:
    shelving.put(record, box, by=Clerk())
    address = reverse("archive:lend", args=[record.pk])
    wrong = clerk.post(address, {"what": "folder", "due_on": "1.1.2020."}).content.decode()
    assert wrong.count("invalid-feedback") == 3
    said = {"what": "folder", "borrower": "Марко Савић", "institution": "Суд", "purpose": "увид"}
    past = clerk.post(address, said | {"due_on": "1.1.2020."}).content.decode()
    assert "The day of return cannot lie before today." in past
    answer = clerk.post(address, said | {"due_on": "1.1.2100."})
    loan = Loan.objects.get()
    assert answer["Location"] == reverse("archive:loan", args=[loan.pk])
    assert "it has to be returned first" in page(clerk, "lend", record.pk)
    shown = page(clerk, "record", record.pk)
    assert ("Lent to Марко Савић, Суд until 01.01.2100." in shown, box.path in shown) == (
        True,
        True,
    )
    (refused,) = scan(clerk, "place", record.folder_code, box.pk)
    assert "is lent to Марко Савић, Суд by revers" in refused
    (back,) = scan(clerk, "loans", record.folder_code)
    assert back == (
        f"Returned: {record.file_number}, revers {loan}, Марко Савић, Суд. Its place: {box.path}."
    )
    assert scan(clerk, "loans", record.folder_code) == [
        f"{record.file_number} is not lent, so nothing was returned. Its place: {box.path}."
    ]
    assert page(clerk, "record", record.pk).count('data-holder="loan"') == 1


def test_what_is_late_stands_in_a_list_of_its_own(clerk: Client, record: Record) -> None:
    loan = loans.lend(record, shelves.terms(), by=Clerk())
    Loan.objects.update(lent_on="2026-01-01", due_on="2026-01-31")
    listed = clerk.get(reverse("archive:loans"), {"show": "overdue"}).content.decode()
    assert (f'data-loan="{loan.pk}"' in listed, "data-overdue" in listed) == (True, True)
    again = {"due_on": "1.1.2100.", "reason": "вештак"}
    clerk.post(reverse("archive:loan", args=[loan.pk]), again)
    listed = clerk.get(reverse("archive:loans"), {"show": "overdue"}).content.decode()
    assert "Nothing is overdue." in listed


def test_a_check_is_begun_scanned_and_its_difference_stays_on_the_page(
    clerk: Client, box: Place, record: Record, officer: Officer
) -> None:
    shelving.put(record, box, by=Clerk())
    strange = records.file(cases.filing(), by=officer)
    address = reverse("archive:place_check", args=[box.pk])
    clerk.post(address, {"act": "begin"})
    assert scan(clerk, "place_check", strange.folder_code, box.pk) == [
        f"{strange.file_number} does not belong here; it has no place."
    ]
    answer = clerk.post(address, {"act": "finish"})
    check = PlaceCheck.objects.get()
    assert answer["Location"] == reverse("archive:check", args=[box.pk, check.pk])
    shown = page(clerk, "check", box.pk, check.pk)
    missing = shown.partition('id="missing"')[2].partition("</dd>")[0]
    elsewhere = shown.partition('id="elsewhere"')[2].partition("</dd>")[0]
    assert (record.file_number in missing, strange.file_number in elsewhere) == (True, True)
    assert "with differences" in page(clerk, "place", box.pk)
    assert 'id="missed"' in page(clerk, "record", record.pk)
    clerk.post(address, {"act": "begin"})
    clerk.post(address, {"act": "abandon"})
    assert PlaceCheck.objects.count() == 1


def test_a_check_names_a_borrower_only_as_long_as_the_loan_does(
    clerk: Client, box: Place, record: Record
) -> None:
    shelving.put(record, box, by=Clerk())
    loans.lend(record, shelves.terms(), by=Clerk())
    check = place_checks.begin(box, by=Clerk())
    place_checks.finish(check, by=Clerk())
    number = str(Loan.objects.get())
    assert f"{number}, Марко Савић, Основни суд" in page(clerk, "check", box.pk, check.pk)
    loans.give_back(record, by=Clerk())
    custody.destroyed(record, by=None, reason="3/2040")
    shown = page(clerk, "check", box.pk, check.pk)
    assert (number in shown, "Савић" in shown) == (True, False)
    assert "Савић" not in str(PlaceCheck.objects.values_list("result"))


def test_what_stands_in_a_place_is_searched_from_its_page(
    clerk: Client, box: Place, record: Record
) -> None:
    shelving.put(record, box, by=Clerk())
    stray = records.file(cases.filing(case_number="26-0000901"), by=Clerk())
    shown = page(clerk, "place", box.parent.pk)
    typed = dict(re.findall(r'<input type="hidden" name="(place)" value="([^"]+)">', shown))
    hits = clerk.post(reverse("archive:search"), typed).content.decode()
    assert (record.file_number in hits, stray.file_number in hits) == (True, False)


def test_places_are_added_named_moved_closed_and_removed(clerk: Client) -> None:
    new, many = reverse("archive:place_new"), {"kind": "box", "name": "Кутија 1", "count": "3"}
    clerk.post(new, {"kind": "room", "name": "Соба 1", "count": "1", "office_code": "BG-01"})
    room = Place.objects.get()
    clerk.post(f"{new}?in={room.pk}", many)
    boxes = room.children.all()
    assert [(each.name, each.office_code) for each in boxes] == [
        (f"Кутија {number}", "BG-01") for number in (1, 2, 3)
    ]
    taken = clerk.post(f"{new}?in={room.pk}", many).content.decode()
    assert "There is another “Кутија 1” in the same place." in taken
    edit = reverse("archive:place_edit", args=[boxes[0].pk])
    clerk.post(edit, {"act": "rename", "name": "Кутија 9", "years": "2026"})
    clerk.post(edit, {"act": "close"})
    closed = Place.objects.get(pk=boxes[0].pk)
    assert (closed.name, closed.years, closed.closed_on is None) == ("Кутија 9", "2026", False)
    assert told(clerk.post(edit, {"act": "remove"}, follow=True)) == ["Кутија 9 is removed."]
    edit = reverse("archive:place_edit", args=[room.pk])
    (refused,) = told(clerk.post(edit, {"act": "remove"}, follow=True))
    assert "cannot be removed" in refused
    assert Place.objects.count() == 3


def test_an_offices_clerk_keeps_the_own_offices_paper_only(
    box: Place, record: Record, officer: Officer
) -> None:
    foreign = records.file(cases.filing(office_code="NS-01"), by=officer)
    loan = loans.lend(foreign, shelves.terms(), by=Clerk())
    own = logged_in(person("milan", "BG-01", *KEEPS))
    assert record.file_number in page(own, "unplaced")
    assert foreign.file_number not in page(own, "loans")
    for name, numbers in (
        ("place", [box.pk]),
        ("lend", [foreign.pk]),
        ("loan", [loan.pk]),
        ("revers", [loan.pk]),
    ):
        assert own.get(reverse(f"archive:{name}", args=numbers)).status_code == 404
    assert "is no label" in scan(own, "scan", foreign.folder_code)[0]
    own.post(reverse("archive:place_new"), {"kind": "room", "name": "Соба 3", "count": "1"})
    assert Place.objects.get(name="Соба 3").office_code == "BG-01"


def read(pdf: bytes) -> list[str]:
    """Return the codes on a sheet as a scanner reads them."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pictures = [sheet.render(scale=200 / 72, grayscale=True).to_pil() for sheet in document]
    finally:
        document.close()
    return sorted(each.text for one in pictures for each in zxingcpp.read_barcodes(one))


def words(pdf: bytes) -> Sequence[str]:
    sheets = PdfReader(io.BytesIO(pdf)).pages
    return [" ".join(sheet.extract_text().split()) for sheet in sheets]


def test_labels_begin_where_the_sheet_is_free_and_read_as_what_they_name(
    clerk: Client, box: Place, record: Record, officer: Officer
) -> None:
    folders = [record, *(records.file(cases.filing(), by=officer) for _ in range(3))]
    pdf = labels.of_records(folders, by=person("ana", "BG-01"), skip=22)
    assert read(pdf) == sorted(each.folder_code for each in folders)
    first, second = words(pdf)
    assert (record.file_number in first, record.shown_folder_code in first) == (True, True)
    assert (folders[1].file_number in first, folders[2].file_number in second) == (True, True)
    logged = AuditEvent.objects.get(event="viewed", facts__what="labels")
    assert logged.facts["records"] == [each.file_number for each in folders]
    query = {"of": "places", "subject": box.parent.pk}
    answer = clerk.get(reverse("archive:label_sheet"), query)
    assert (answer["Content-Type"], read(answer.content)) == ("application/pdf", [box.code])
    assert clerk.get(reverse("archive:label_sheet"), {"of": "folders"}).status_code == 404


def test_a_revers_says_twice_what_is_lent_to_whom_and_bears_the_folders_code(
    record: Record,
) -> None:
    kept = record.files.get(kind="terms", copy=1)
    loan = loans.lend(record, shelves.terms(paper=kept), by=Clerk())
    pdf = reverses.pdf(loan)
    assert read(pdf) == [record.folder_code] * 2
    (text,) = words(pdf)
    for said in ("Општи услови 1", record.file_number, "Марко Савић, Основни суд", "увид"):
        assert text.count(said) == 2 * (1 + (said == "Општи услови 1")), said
    assert "Захтев" not in text
    assert record.surname not in text


def test_a_destroyed_paper_is_named_on_the_record(clerk: Client, record: Record) -> None:
    custody.destroyed(record, by=None, reason="3/2040")
    shown = page(clerk, "record", record.pk)
    assert ("The paper was destroyed." in shown, 'data-action="lend-open"' in shown) == (
        True,
        False,
    )

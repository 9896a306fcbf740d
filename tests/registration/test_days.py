"""The day sheet: a day in numbers, what stands open, the head of the log, two signatures."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from archive import store
from archive.models import AuditEvent, AuditHead
from archive.services import audit
from registration import errors
from registration.models import DaySheet, Desk, Office, User
from registration.queries import days as queries
from registration.services import days, roles
from tests.registration import making
from tests.stories import filed

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> tuple[User, Desk]:
    return filed.place()


def figures(day: queries.Day) -> dict[str, int]:
    return {str(name): number for name, number in day.figures if number}


def test_a_day_is_told_as_the_log_has_it(place: tuple[User, Desk], english: None) -> None:
    officer, desk = place
    assert officer.office
    first = making.filed(officer, desk)
    today = timezone.localdate()
    assert figures(queries.of(officer.office, today)) == {
        "Cases opened": 1,
        "Cases printed": 1,
        "Cases signed": 1,
        "Cases with a certificate issued": 1,
        "Cases handed over": 1,
        "Cases filed": 1,
        "Papers printed": first.papers.count(),
        "Papers filed": 5,
        "Certificates issued": 2,
        "Certificates filed": 2,
    }
    assert queries.of(officer.office, today).differences == ()
    assert figures(queries.of(officer.office, today - timedelta(days=1))) == {}
    issued = making.confirmed(officer, desk).application
    (open_,) = queries.of(officer.office, today).differences
    assert (open_.case, str(open_.what)) == (issued.number, "issued, not handed over")


def test_what_was_filed_without_what_the_case_has_is_named(
    place: tuple[User, Desk], english: None
) -> None:
    officer, desk = place
    assert officer.office
    case = making.filed(officer, desk)
    facts = AuditEvent.objects.get(event="record.filed").facts
    with audit.transaction():
        less = facts | {"papers": facts["papers"][1:], "certificates": facts["certificates"][1:]}
        audit.append("record.filed", subject=case.file_number, by=officer, facts=less)
    differences = queries.of(officer.office, timezone.localdate()).differences
    assert [(each.case, str(each.what)) for each in differences] == [
        (case.number, "filed without a certificate that was issued"),
        (case.number, "filed without a paper that was signed"),
    ]


def test_the_sheet_is_kept_and_its_hash_stands_in_the_log(place: tuple[User, Desk]) -> None:
    officer, desk = place
    assert officer.office
    making.filed(officer, desk)
    printed = days.print_sheet(officer.office, timezone.localdate(), by=officer)
    head = AuditHead.objects.get(stream="decisions")
    event = AuditEvent.objects.get(event="day.print")
    assert event.facts["sha256"] == printed.sha256
    number, digits = printed.head.split(": ")
    signed = AuditEvent.objects.get(stream="decisions", number=number)
    assert (signed.number, signed.hash[:16]) == (head.number - 1, digits.replace(" ", ""))
    text = " ".join(PdfReader(BytesIO(store.get(printed.sha256))).pages[0].extract_text().split())
    assert "Дневни лист" in text
    assert printed.head in text
    assert "Отворени предмети 1" in text
    again = days.print_sheet(officer.office, timezone.localdate(), by=officer)
    assert (printed.edition, again.edition) == (1, 2)


def test_no_other_office_and_no_day_to_come(place: tuple[User, Desk]) -> None:
    officer, _desk = place
    assert officer.office
    with pytest.raises(errors.FutureDayError):
        days.print_sheet(officer.office, timezone.localdate() + timedelta(days=1), by=officer)
    other = Office.objects.create(code="999", name="Друга")
    with pytest.raises(errors.ForeignOfficeError):
        days.print_sheet(other, timezone.localdate(), by=officer)
    assert not DaySheet.objects.exists()


def test_the_page_prints_what_it_shows(place: tuple[User, Desk], english: None) -> None:
    officer, _desk = place
    roles.set_up()
    client = Client()
    client.force_login(officer)
    today = timezone.localdate().isoformat()
    assert "What was done" in client.get("/days/").content.decode()
    answer = client.post("/days/print/", {"day": today}, follow=True)
    assert "let two people sign it" in answer.content.decode()
    pdf = client.get(f"/days/{DaySheet.objects.get().pk}/")
    assert pdf.content.startswith(b"%PDF-")
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    refused = client.post("/days/print/", {"day": tomorrow}, follow=True).content.decode()
    assert "choose today or an earlier day" in refused
    assert (
        "Choose a day." in client.post("/days/print/", {"day": "x"}, follow=True).content.decode()
    )

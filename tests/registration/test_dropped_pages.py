"""What the pages of the counter show of a case whose person it has forgotten."""

import pytest
from django.test import Client
from django.utils import timezone

from archive import store
from archive.models import AuditEvent, Record
from registration.models import Application, Certificate, Desk, LetterRun, Notice, Sheet, User
from registration.reports import kept
from registration.reports.scope import Scope
from registration.services import cases
from tests.pages import counter
from tests.pages.page import Page
from tests.people import logged_in
from tests.registration import dropped
from tests.registration.dropped import PERSON
from tests.scans.rows import scan_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(officer: User, desk: Desk) -> Application:
    return dropped.drop(dropped.filed(officer, desk, who=PERSON))


@pytest.fixture
def client(officer: User) -> Client:
    return logged_in(officer)


def viewed() -> list[str]:
    events = AuditEvent.objects.filter(stream__startswith="views").order_by("number")
    return [event.facts["what"] for event in events]


def test_the_case_leads_to_its_record(client: Client, case: Application) -> None:
    page = Page.get(client, f"/cases/{case.number}/")
    record = Record.objects.get()
    assert page.text("//h1") == f"{case.number[:2]}-{case.number[2:]}"
    assert page.one("//a[@id='id_record']").get("href") == f"/archive/records/{record.pk}/"
    assert len(page.all("//*[@data-certificate]")) == 2
    assert not [trace for trace in dropped.TRACES if trace in page.source]
    assert "Data of the person dropped" in Page.get(client, f"/cases/{case.number}/history/").source
    assert Page.get(client, page.one("//a[@id='id_record']").get("href")).text("//h1") == (
        "Ђурђевић Жељка"
    )


def test_one_that_was_never_filed_leads_nowhere(client: Client, officer: User, desk: Desk) -> None:
    withdrawn = cases.withdraw(counter.printed(officer, desk), "predomislio se", by=officer)
    Application.objects.update(changed_at=dropped.later(-100))
    page = Page.get(client, f"/cases/{dropped.drop(withdrawn).number}/")
    assert page.text("//p[@id='dropped']").startswith("Nothing was signed in this case.")
    assert page.all("//a[@id='id_record']") == []


def test_it_is_found_through_the_archive(client: Client, case: Application) -> None:
    for text in ("Đurđević", "жељк", counter.JMBG, PERSON.document_number):
        page = Page.post(client, "/cases/", q=text)
        assert page.texts("//tr[@data-case]/td")[1:3] == ["Ђурђевић Жељка", "**********020"], text
    assert viewed() == ["search"] * 4
    assert Page.post(client, "/cases/", q="Petrović").all("//tr[@data-case]") == []
    case.refresh_from_db()
    assert case.full_name == ""


def test_another_office_does_not_find_it(case: Application, desk: Desk) -> None:
    other = User.objects.create_user("zoran", office=counter.office("072", "Zemun"))
    other.groups.set(User.objects.get(username="officer").groups.all())
    page = Page.post(logged_in(other), "/cases/", q="Đurđević")
    assert page.all("//tr[@data-case]") == []
    assert logged_in(other).get(f"/cases/{case.number}/").status_code == 403


def test_obrazac_3_is_opened_from_it(client: Client, case: Application) -> None:
    serials = [each.serial for each in case.certificates.all()]
    chosen = {"certificates": serials, "ground": "revoke:wish"}
    page = Page.post(client, f"/cases/{case.number}/open-form-3/", **chosen)
    opened = Application.objects.get(procedure="status")
    assert page.path == f"/cases/{opened.number}/"
    assert page.text("//h1") == PERSON.full_name
    assert viewed() == ["form"]
    refused = Page.post(client, f"/cases/{case.number}/open-form-3/", ground="revoke:wish")
    assert refused.one("//details[@id='change-open']").get("open") is not None


def test_its_papers_and_pictures_are_the_archives_alone(
    client: Client, officer: User, desk: Desk
) -> None:
    case = dropped.filed(officer, desk, who=PERSON)
    paper = case.papers.get(kind="request")
    sheet = scan_of(paper.pages.get(number=1)).sheet
    sheet.original, sheet.state, sheet.bundle = store.put(b"a picture"), "confirmed", ""
    sheet.save()
    sheet.stack.state = "closed"
    sheet.stack.save()
    Record.objects.get().files.filter(kind="request").update(edition="scanned")
    Record.objects.get().files.create(
        position=0,
        kind="request",
        copy=1,
        title="",
        sha256=paper.sha256,
        size=1,
        pages=1,
        media_type="application/pdf",
        retained=True,
    )
    dropped.drop(case)
    for address in (
        f"/cases/{case.number}/packets/1/",
        f"/cases/{case.number}/papers/{paper.pk}/",
        f"/cases/{case.number}/papers/{paper.pk}/1/",
        f"/cases/{case.number}/papers/{paper.pk}/scan/",
        f"/scans/sheets/{sheet.pk}/picture/",
    ):
        assert client.get(address).status_code == 404, address
    assert "There is no picture" in Page.get(client, f"/scans/sheets/{sheet.pk}/").source
    assert client.get(f"/cases/{case.number}/label/").content.startswith(b"%PDF")
    assert Sheet.objects.get().stack.name == "—"
    live = client.get(f"/cases/{case.number}/live/?version=1")
    assert (live.status_code, live["HX-Refresh"]) == (204, "true")
    assert client.post(f"/cases/{case.number}/jmbg/", {"reason": "nadzor"}).status_code == 404


def test_a_suspension_is_listed_with_the_name(client: Client, case: Application) -> None:
    Certificate.objects.update(suspended_at=dropped.later(-29))
    page = Page.get(client, "/cases/")
    assert page.texts("//tbody[@data-group='suspended']/tr[@data-case]/td")[1] == "Ђурђевић Жељка"


def test_letters_that_wait_are_listed_with_the_name(
    client: Client, case: Application, officer: User
) -> None:
    Notice.objects.create(
        application=case,
        ends_on=timezone.localdate(),
        days=30,
        channel="letter",
        due_at=timezone.now(),
    )
    gone = LetterRun.objects.create(
        office=case.office, printed_by=officer, printed_at=timezone.now(), sha256=""
    )
    page = Page.get(client, "/notices/")
    assert page.texts("//tr[@data-notice]/td")[1] == "Ђурђевић Жељка"
    assert page.all("//*[@data-runs]//a") == []
    assert client.get(f"/notices/{gone.pk}/").status_code == 404


def test_the_report_says_what_stands_against_it(officer: User, desk: Desk) -> None:
    case = dropped.filed(officer, desk)
    Application.objects.update(filed_at=dropped.later(-31))
    asked = Scope(timezone.localdate(), timezone.localdate(), (case.office_id,))
    assert [row.why for row in kept.rows(asked)] == ["nothing: the next run drops it"]
    case.issuances.update(acceptance="owed")
    Certificate.objects.filter(role="signing").update(suspended_at=timezone.now())
    rows = kept.rows(asked)
    assert [(row.number, len(row.why.split("; "))) for row in rows] == [(case.number, 2)]
    assert [times for _why, times in kept.by_reason(rows)] == [1, 1]
    dropped_at = timezone.now()
    Application.objects.update(dropped_at=dropped_at)
    assert kept.rows(asked) == []

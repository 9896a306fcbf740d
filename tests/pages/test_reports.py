"""The manager's pages: who may, what they show, what leaves as a file and what is noted of it."""

import csv
from datetime import datetime, timedelta
from io import BytesIO, StringIO

import pytest
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from archive.models import AuditEvent
from registration.models import Certificate, Desk, Issuance, Office, User
from registration.services import cases
from tests.pages import counter
from tests.pages.page import Page
from tests.people import employee, logged_in
from tests.registration import making

CODES = [
    *("issued", "waiting", "endings", "expiring"),
    *("unfiled", "terms", "earlier-terms", "kept"),
]
PERIOD = "start=01.03.2026.&end=31.03.2026."
HEAD = [
    *("Month", "Office", "Officer", "Cases", "Certificates"),
    *("Of these first", "Of these renewals", "Of these recalled"),
]
FORMULA = '=HYPERLINK("http://example.com")'


@pytest.fixture
def manager(office: Office) -> Client:
    """Look from above: this manager belongs to no office."""
    return logged_in(employee("sneza", None, "manager"))


@pytest.fixture
def zemun(db: None) -> Office:
    return counter.office("072", "Zemun")


@pytest.fixture
def colleague(zemun: Office) -> User:
    """An officer of the other office whose name a spreadsheet might compute."""
    made = User.objects.create_user("vera", office=zemun, first_name=FORMULA, last_name="Zlić")
    made.groups.set([Group.objects.get_or_create(name="officer")[0]])
    return made


@pytest.fixture
def other_desk(zemun: Office) -> Desk:
    return Desk.objects.create(
        code="desk-2", name="Desk 2", office=zemun, public_keys={}, seen_at=timezone.now()
    )


@pytest.fixture
def march(officer: User, desk: Desk, colleague: User, other_desk: Desk) -> list[str]:
    """Return the numbers of two cases with certificates of March, one of each office."""
    made = [making.confirmed(officer, desk), making.confirmed(colleague, other_desk)]
    moment = timezone.make_aware(datetime(2026, 3, 15, 12, 0))  # noqa: DTZ001
    cases = [each.application for each in made]
    Issuance.objects.filter(application__in=cases).update(confirmed_at=moment)
    return [each.application.number for each in made]


def shown(number: str) -> str:
    return f"{number[:2]}-{number[2:]}"


def rows(page: Page) -> list[list[str]]:
    return [
        [" ".join(cell.text_content().split()) for cell in row.xpath("td")]
        for row in page.all("//tbody/tr")
    ]


def exports() -> list[tuple[str, str, dict]]:
    events = AuditEvent.objects.filter(event="report.export").order_by("number")
    return [(each.subject, each.actor, each.facts) for each in events]


@pytest.mark.parametrize("code", CODES)
def test_officers_have_no_reports(client: Client, code: str) -> None:
    for address in ("", f"{code}/", f"{code}/csv/", f"{code}/xlsx/", f"{code}/cases/?row=x"):
        assert client.get(f"/admin/reports/{address}").status_code == 403, address
    assert exports() == []


def test_the_right_without_the_administration_leads_to_its_login(office: Office) -> None:
    manager = employee("sneza", None, "manager")
    User.objects.filter(pk=manager.pk).update(is_staff=False)
    answer = logged_in(manager).get("/admin/reports/issued/")
    assert answer["Location"].startswith("/admin/login/")


def test_managers_and_administrators_find_the_reports_on_the_first_page(office: Office) -> None:
    for role in ("manager", "administrator"):
        page = Page.get(logged_in(employee(role, office, role)), "/admin/")
        assert page.texts("//div[@id='content']//div[contains(@class, 'app-reports')]//th/a") == [
            "Issued certificates",
            "Where cases wait",
            "Refusals, withdrawals and failures",
            "Expiring certificates",
            "Issued, not filed",
            "Terms signed",
            "Earlier terms signed",
            "Personal data kept too long",
        ]
    assert (
        "app-reports"
        not in Page.get(logged_in(employee("clerk", office, "clerk")), "/admin/").source
    )


def test_the_list_of_reports_says_what_each_is_about(manager: Client) -> None:
    page = Page.get(manager, "/admin/reports/")
    assert [each.get("data-report") for each in page.all("//li[@data-report]")] == CODES


@pytest.mark.parametrize("code", CODES)
def test_an_empty_counter_reports_nothing_and_breaks_nothing(manager: Client, code: str) -> None:
    page = Page.get(manager, f"/admin/reports/{code}/")
    assert page.status == 200
    assert bool(page.all("//*[@data-nothing]")) == (code != "waiting")
    assert manager.get(f"/admin/reports/{code}/xlsx/").status_code == 200


def test_the_page_shows_what_the_rows_say(manager: Client, march: list[str]) -> None:
    page = Page.get(manager, f"/admin/reports/issued/?{PERIOD}")
    assert rows(page) == [
        ["March 2026", "071 PS Stari grad", "milena", "1", "2", "2", "0", "0"],
        ["March 2026", "072 PS Zemun", f"{FORMULA} Zlić", "1", "2", "2", "0", "0"],
    ]
    assert page.texts("//tfoot//td") == ["", "", "2", "4", "4", "0", "0"]
    assert page.texts("//dl//dd")[:2] == ["01.03.2026. – 31.03.2026.", "All offices"]
    assert page.texts("//figure//*[local-name()='text'][@class='chart-value']") == ["4"]


def test_a_page_has_no_style_of_its_own_and_no_script_of_ours(
    manager: Client, march: list[str]
) -> None:
    page = Page.get(manager, f"/admin/reports/issued/?{PERIOD}")
    assert page.all("//*[@style] | //style | //script[not(@src)]") == []


def test_one_office_is_chosen_by_its_code(manager: Client, march: list[str]) -> None:
    page = Page.get(manager, f"/admin/reports/issued/?{PERIOD}&office=072")
    assert [row[1] for row in rows(page)] == ["072 PS Zemun"]
    assert page.texts("//dl//dd")[1] == "072 PS Zemun"


def test_a_manager_of_an_office_sees_no_other_one(
    office: Office, zemun: Office, march: list[str]
) -> None:
    own = logged_in(employee("rada", office, "manager"))
    page = Page.get(own, f"/admin/reports/issued/?{PERIOD}&office=072")
    assert [row[1] for row in rows(page)] == ["071 PS Stari grad"]
    assert page.all("//select[@name='office']") == []
    hidden = User.objects.get(username="vera")
    row = f"2026-03.{zemun.pk}.{hidden.pk}"
    assert own.get(f"/admin/reports/issued/cases/?{PERIOD}&row={row}").status_code == 404
    text = own.get(f"/admin/reports/issued/csv/?{PERIOD}&office=072").content.decode("utf-8-sig")
    assert "Zemun" not in text
    listed = Page.get(own, "/admin/registration/application/")
    assert listed.texts("//tbody/tr/th") == [march[0]]


@pytest.mark.parametrize(
    ("table", "of_a_case"), [("application", 1), ("issuance", 2), ("certificate", 2)]
)
def test_the_lists_of_the_administration_show_the_own_office(
    office: Office, manager: Client, march: list[str], table: str, of_a_case: int
) -> None:
    address = f"/admin/registration/{table}/"
    own = logged_in(employee("rada", office, "manager"))
    assert len(Page.get(own, address).all("//tbody/tr")) == of_a_case
    assert len(Page.get(manager, address).all("//tbody/tr")) == 2 * of_a_case


def test_a_number_leads_to_the_cases_that_it_counts(manager: Client, march: list[str]) -> None:
    page = Page.get(manager, f"/admin/reports/issued/?{PERIOD}")
    link = page.all("//tbody/tr[1]//a")[0].get("href")
    listed = Page.get(manager, link)
    assert listed.text("//*[@data-row-title]") == "March 2026, 071 PS Stari grad, milena"
    assert [each.get("data-case") for each in listed.all("//tr[@data-case]")] == march[:1]
    assert rows(listed) == [
        [
            shown(march[0]),
            "1 Issuing of a certificate",
            "071 PS Stari grad",
            f"{timezone.localdate():%d.%m.%Y.}",
            "Issued",
        ]
    ]
    found = Page.get(manager, listed.one("//a[@data-action='changelist']").get("href"))
    assert found.texts("//tbody/tr/th") == march[:1]


def test_a_reason_with_odd_letters_leads_to_its_cases(
    manager: Client, officer: User, desk: Desk
) -> None:
    case = cases.refuse(counter.opened(officer, desk), "=1+1 & 'ne' ?", by=officer)
    page = Page.get(manager, "/admin/reports/endings/")
    assert rows(page) == [["Refused", "=1+1 & 'ne' ?", "1", "1", "0"]]
    listed = Page.get(manager, page.one("//tbody//a").get("href"))
    assert [each.get("data-case") for each in listed.all("//tr[@data-case]")] == [case.number]


def test_no_citizen_is_named(manager: Client, march: list[str]) -> None:
    for code in CODES:
        page = Page.get(manager, f"/admin/reports/{code}/")
        text = manager.get(f"/admin/reports/{code}/csv/").content.decode("utf-8-sig")
        for name in ("Петар", "Петровић", counter.JMBG, "001234567"):
            assert name not in page.source + text


@pytest.mark.parametrize(
    ("filters", "field", "error"),
    [
        ("start=32.1.2026.&end=1.2.2026.", "start", "Enter a valid date."),
        ("start=2.2.2026.&end=1.2.2026.", "end", "The period ends before it begins."),
        ("start=1.1.1990.&end=1.2.2026.", "start", "A period has ten years at most."),
    ],
)
def test_a_wrong_filter_is_told_beside_its_field(
    manager: Client, filters: str, field: str, error: str
) -> None:
    page = Page.get(manager, f"/admin/reports/issued/?{filters}")
    assert page.text(f"//*[@data-error='{field}']") == error
    assert page.all("//table[@class='report-table']") == []
    answer = manager.get(f"/admin/reports/issued/csv/?{filters}")
    assert (answer.status_code, exports()) == (302, [])


def test_there_is_no_other_report(manager: Client) -> None:
    assert manager.get("/admin/reports/salaries/").status_code == 404


def parsed(answer: HttpResponse) -> list[list[str]]:
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_the_csv_opens_in_a_serbian_spreadsheet_and_computes_nothing(
    manager: Client, march: list[str]
) -> None:
    answer = manager.get(f"/admin/reports/issued/csv/?{PERIOD}")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == (
        f'attachment; filename="overa-issued-{timezone.localdate():%Y-%m-%d}.csv"'
    )
    assert parsed(answer) == [
        HEAD,
        ["03.2026.", "071 PS Stari grad", "milena", "1", "2", "2", "0", "0"],
        ["03.2026.", "072 PS Zemun", f"'{FORMULA} Zlić", "1", "2", "2", "0", "0"],
    ]


def test_the_spreadsheet_has_typed_cells_and_no_formula(manager: Client, march: list[str]) -> None:
    answer = manager.get(f"/admin/reports/issued/xlsx/?{PERIOD}")
    book = load_workbook(BytesIO(answer.content))
    sheet, about = book.worksheets
    month = datetime(2026, 3, 1)  # noqa: DTZ001
    assert list(sheet.iter_rows(values_only=True)) == [
        tuple(HEAD),
        (month, "071 PS Stari grad", "milena", 1, 2, 2, 0, 0),
        (month, "072 PS Zemun", f"{FORMULA} Zlić", 1, 2, 2, 0, 0),
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "d", "n"}
    assert [cell.quotePrefix for cell in sheet[3]] == [False, False, True, *[False] * 5]
    assert list(about.iter_rows(values_only=True))[:3] == [
        ("Report", "Issued certificates"),
        ("Period", "01.03.2026. – 31.03.2026."),
        ("Office", "All offices"),
    ]


def test_durations_stay_durations(manager: Client, officer: User, desk: Desk) -> None:
    number = making.filed(officer, desk).number
    told = dict(AuditEvent.objects.filter(subject=number).values_list("event", "at"))
    took = timedelta(seconds=round((told["case.print"] - told["case.open"]).total_seconds()))
    sheet = load_workbook(BytesIO(manager.get("/admin/reports/waiting/xlsx/").content)).worksheets[
        0
    ]
    found = next(sheet.iter_rows(min_row=2, values_only=True))
    assert found == ("Opened, to be printed", 1, took, took, took, 0)
    line = parsed(manager.get("/admin/reports/waiting/csv/"))[1]
    assert line == ["Opened, to be printed", "1", *[str(took)] * 3, "0"]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_who_took_a_report_is_in_the_audit(manager: Client, march: list[str], suffix: str) -> None:
    manager.get(f"/admin/reports/issued/?{PERIOD}")
    assert exports() == []
    manager.get(f"/admin/reports/issued/{suffix}/?{PERIOD}&office=071")
    filters = {"start": "2026-03-01", "end": "2026-03-31", "office": "071", "format": suffix}
    facts = {"report": "issued", "filters": filters, "rows": 1}
    assert exports() == [("report.issued", "sneza", facts)]


def test_what_expires_is_asked_in_months(manager: Client, officer: User, desk: Desk) -> None:
    issuance = making.confirmed(officer, desk)
    moment = timezone.localtime() + timedelta(days=100)
    Certificate.objects.filter(application=issuance.application).update(
        ends_on=timezone.localdate(moment)
    )
    assert rows(Page.get(manager, "/admin/reports/expiring/?months=3")) == []
    assert rows(Page.get(manager, "/admin/reports/expiring/?months=6")) == [
        [f"{moment:%B %Y}", "071 PS Stari grad", "1", "2", "0", "0", "1"]
    ]

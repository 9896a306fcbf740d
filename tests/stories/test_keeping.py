"""Two clerks put a list of categories in force; one applies it, closes a year, cancels an entry."""

from datetime import date

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from archive.models import AuditEvent, BookEntry, CategoryList, Record
from archive.services import records
from registration.models import User
from registration.services import roles
from registration.workflow.states import Role
from tests.archive import cases
from tests.stories import chromium, filed, people
from tests.stories.chromium import Browser

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", people.TOLD_IN)
def test_two_clerks_keep_the_list_and_the_book(live_server: LiveServer, language: str) -> None:
    officer, _desk = filed.place()
    second_clerk()
    for number in range(3):
        made = cases.filing(
            decided_on=date(2025, 3, 2),
            office_code=officer.office.code,
            certificates=cases.both(number),
        )
        records.file(made, by=officer)
    with chromium.browser() as clerk, chromium.browser() as other:
        people.log_in(clerk, live_server.url, "clerk", language)
        people.log_in(other, live_server.url, "clerk-2", language)
        write_a_version(clerk)
        put_it_in_force(other, live_server.url)
        apply_it(clerk, live_server.url)
        close_a_year(clerk)
        cancel_an_entry(clerk)


def second_clerk() -> None:
    first = User.objects.get(username="clerk")
    second = User.objects.create(
        username="clerk-2", first_name="Мира", last_name="Савић", office=first.office
    )
    second.groups.set(first.groups.all())
    assert roles.title(Role.CLERK)


def write_a_version(clerk: Browser) -> None:
    clerk.leave("categories")
    clerk.shot("categories")
    clerk.leave("begin")
    clerk.write("consent_number", "02-15/2026")
    clerk.write("consent_on", "01.02.2026.")
    clerk.write("form-0-years", "12")
    clerk.shot("categories-write")
    clerk.leave("save-list")
    clerk.shot("categories-draft")
    assert clerk.all('[data-action="put-in-force"]') == []


def put_it_in_force(other: Browser, address: str) -> None:
    other.open(f"{address}/archive/categories/2/")
    other.shot("categories-approve")
    other.leave("put-in-force")
    second = CategoryList.objects.get(number=2)
    assert (second.author, second.approved_by) == ("clerk", "clerk-2")


def apply_it(clerk: Browser, address: str) -> None:
    clerk.open(f"{address}/archive/categories/")
    clerk.write("reason", "Налог директора 5/26")
    clerk.shot("categories-apply")
    clerk.leave("apply")
    assert clerk.all("#apply") == []
    record = Record.objects.all()[0]
    assert (record.category.list.number, record.retention_years) == (2, 12)
    clerk.open(f"{address}/archive/records/{record.pk}/")
    assert "5/26" in clerk.see("#counted-anew").text
    clerk.shot("record-counted-anew")
    clerk.open(f"{address}/archive/")


def close_a_year(clerk: Browser) -> None:
    clerk.leave("books")
    clerk.shot("book-open")
    clerk.leave("close-2025")
    entry = BookEntry.objects.get(number=1)
    assert (entry.pieces, entry.entered_on) == (3, timezone.localdate())
    for action in ("book-pdf", "book-xlsx", "book-csv"):
        status, _kind, size = clerk.fetch(clerk.link(action))
        assert (status, size > 100) == (200, True), action
    assert AuditEvent.objects.filter(event="book.taken").count() == 3


def cancel_an_entry(clerk: Browser) -> None:
    clerk.leave("entry")
    clerk.shot("book-entry")
    clerk.write("place", "Архивски депо 1, полица 3")
    clerk.leave("save-entry")
    clerk.leave("entry")
    clerk.leave("cancel-entry")
    assert clerk.see(".invalid-feedback").text
    clerk.write("reason", "Погрешна година")
    clerk.leave("cancel-entry")
    clerk.shot("book-cancelled")
    numbers = [row.get_attribute("data-number") for row in clerk.all("tr[data-entry]")]
    assert numbers == ["1", ""]

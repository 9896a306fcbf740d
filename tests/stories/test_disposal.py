"""A disposal from the proposal to the record of destruction, through everybody's hands.

What nobody may do is tried at its place with a page that was tampered with.
"""

from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib.auth.models import Group
from django.db.models import F
from django.utils import timezone
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from archive import store
from archive.models import AuditEvent, BookEntry, Disposal, DisposalItem, Hold, Record
from archive.queries import disposals as found
from archive.services import audit
from archive.services.disposal import destruction
from registration.models import User
from tests.stories import chromium, filed, people
from tests.stories.chromium import Browser

pytestmark = pytest.mark.browser

FORGED = """
    const form = document.createElement("form");
    const fields = {...arguments[1]};
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    fields.csrfmiddlewaretoken = headers["X-CSRFToken"];
    form.method = "post";
    form.action = arguments[0];
    for (const [name, value] of Object.entries(fields)) {
        const field = document.createElement("input");
        field.name = name;
        field.value = value;
        form.append(field);
    }
    document.body.append(form);
    window.seen = true;
    form.submit();
"""


class Desk:
    """One browser that one after the other sits down at."""

    def __init__(self, browser: Browser, address: str, language: str) -> None:
        self.browser, self.address, self.language = browser, address, language

    def sit(self, username: str, page: str = "") -> Browser:
        self.browser.chrome.delete_all_cookies()
        people.log_in(self.browser, self.address, username, self.language)
        if page:
            self.browser.open(self.address + page)
        return self.browser

    def forge(self, path: str, **fields: object) -> str:
        """Send what no page offers; return what is answered."""
        self.browser.chrome.execute_script(FORGED, path, fields)
        self.browser.gone()
        return self.browser.see(".alert-danger").text


@pytest.mark.parametrize("language", people.TOLD_IN)
@pytest.mark.usefixtures("heads_file")
def test_a_disposal_goes_through_all_hands(live_server: LiveServer, language: str) -> None:
    filed.office()
    let_years_pass()
    held, *others = Record.objects.order_by("pk")
    with chromium.browser() as browser:
        desk = Desk(browser, live_server.url, language)
        hold(desk, held)
        made = propose(desk, held, others)
        page = f"/archive/disposals/{made.pk}/"
        review(desk, page, made)
        ask_the_public_archive(desk, page)
        approve_and_confirm(desk, page, made)
        wait_for_the_days(desk, page, made)
        destroy(desk, page, made)
        see_what_is_left(desk, page, made, others[0])
        lift(desk, held)
    assert refused() == [
        ("disposal.propose.refused", "clerk", "empty selection"),
        ("disposal.propose.refused", "clerk", "obstacles"),
        ("disposal.conclude.refused", "clerk", "no right"),
        ("disposal.approve.refused", "head", "not now"),
        ("disposal.approve.refused", "clerk", "same person"),
        ("disposal.confirm.refused", "head", "wrong number"),
        ("disposal.witness.refused", "member", "cooling off"),
        ("disposal.destroy.refused", "member", "same person"),
    ]
    audit.sign_head()
    assert audit.verify().findings == ()


def let_years_pass() -> None:
    """Let the terms run out and the book of the year be closed."""
    today = timezone.localdate()
    Record.objects.update(retained_until=today - timedelta(days=400))
    BookEntry.objects.update(number=F("pk"), entered_on=today)


def refused() -> list[tuple[str, str, str]]:
    events = AuditEvent.objects.filter(event__startswith="disposal.", event__endswith=".refused")
    return [(each.event, each.actor, each.facts["reason"]) for each in events.order_by("pk")]


def hold(desk: Desk, held: Record) -> None:
    clerk = desk.sit("clerk", f"/archive/records/{held.pk}/")
    clerk.leave("hold-this")
    assert clerk.value("records") == held.file_number
    clerk.write("ordered_by", "Виши суд у Београду")
    clerk.write("document_number", "К-12/26")
    clerk.write("document_on", "01.03.2026.")
    clerk.write("reason", "Поступак је у току.")
    clerk.pick("reviewer", str(User.objects.get(username="head")))
    clerk.write("review_on", (timezone.localdate() + timedelta(days=1)).strftime("%d.%m.%Y."))
    clerk.shot("hold-new")
    clerk.leave("hold")
    clerk.shot("hold")
    clerk.open(f"{desk.address}/archive/records/{held.pk}/")
    clerk.see("#held")
    clerk.shot("record-held")


def propose(desk: Desk, held: Record, others: list[Record]) -> Disposal:
    clerk = desk.browser
    clerk.open(f"{desk.address}/archive/")
    clerk.leave("disposals")
    clerk.leave("disposal-new")
    clerk.leave("propose")
    clerk.see(".alert-danger")
    assert clerk.all(f'input[name="record"][value="{held.pk}"]:not([disabled])') == []
    clerk.shot("disposal-new")
    assert held.file_number in desk.forge("/archive/disposals/new/", record=held.pk)
    clerk.write("note", "Списи из 2026.")
    clerk.do("choose-all")
    clerk.leave("propose")
    made = Disposal.objects.get()
    assert {each.record for each in made.items.all()} == set(others)
    clerk.shot("disposal-proposed")
    desk.forge(f"/archive/disposals/{made.pk}/conclude/")
    return made


def review(desk: Desk, page: str, made: Disposal) -> None:
    member = desk.sit("member", "/archive/disposals/")
    member.shot("disposals")
    member.open(desk.address + page)
    member.leave("review")
    body = member.see("body")
    body.send_keys("a")
    body.send_keys("l")
    member.chrome.switch_to.active_element.send_keys("Странка је најавила тужбу.\n")
    member.shot("disposal-review")
    member.leave("decide")
    assert list(found.counts(made).items()) == [("accepted", 1), ("later", 1)]
    member.leave("conclude")


def ask_the_public_archive(desk: Desk, page: str) -> None:
    head = desk.sit("head", page)
    desk.forge(f"{page}approve/", approval="1", on="01.03.2026.")
    head = desk.sit("clerk", page)
    head.leave("request")
    documents = head.all("[data-document]")
    kinds = [head.fetch(each.get_attribute("href"))[:2] for each in documents]
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert kinds == [(200, "application/pdf"), (200, sheet)]
    head.shot("disposal-requested")


def approve_and_confirm(desk: Desk, page: str, made: Disposal) -> None:
    today = timezone.localdate().strftime("%d.%m.%Y.")
    clerk, right = User.objects.get(username="clerk"), Group.objects.get(name="head")
    clerk.groups.add(right)
    desk.forge(f"{page}approve/", approval="2-05/26", on=today)
    clerk.groups.remove(right)
    head = desk.sit("head", page)
    head.write("approval", "2-05/26")
    head.write("on", today)
    head.shot("disposal-approve")
    head.leave("approve")
    head.write("typed", "99/2026")
    head.leave("confirm")
    head.see(".alert-danger")
    head.write("typed", made.number)
    head.shot("disposal-confirm")
    head.leave("confirm")
    head.see("#cooling")
    head.shot("disposal-cooling")


def wait_for_the_days(desk: Desk, page: str, made: Disposal) -> None:
    today = timezone.localdate()
    desk.sit("member", page)
    desk.forge(f"{page}witness/", on=today.strftime("%d.%m.%Y."), way="млевењем")
    past = timezone.now() - timedelta(minutes=1)
    Disposal.objects.filter(pk=made.pk).update(cooling_until=past)


def destroy(desk: Desk, page: str, made: Disposal) -> None:
    today = timezone.localdate().strftime("%d.%m.%Y.")
    member = desk.sit("member", page)
    member.write("on", today)
    member.write("way", "млевењем у просторијама архиве")
    member.shot("disposal-witness")
    member.leave("witness")
    desk.forge(f"{page}destroy/")
    second = desk.sit("member-2", page)
    second.shot("disposal-second")
    second.leave("destroy")
    second.see("#destroying, #done")
    assert not destruction.go_on(made.pk)  # as the worker does it, where one is running
    second.until(Disposal.objects.filter(pk=made.pk, state="destroyed").exists)
    second.open(desk.address + page)
    second.see("#done")


def see_what_is_left(desk: Desk, page: str, made: Disposal, gone: Record) -> None:
    surname = gone.surname
    made.refresh_from_db()
    act = store.get(made.documents.get(kind="act").sha256)
    text = PdfReader(BytesIO(act)).pages[0].extract_text()
    assert f"број {made.act_number}" in " ".join(text.split())
    assert gone.file_number in text
    assert surname not in text
    clerk = desk.sit("clerk", page)
    clerk.see("#done")
    clerk.shot("disposal-done")
    clerk.open(f"{desk.address}/archive/records/{gone.pk}/")
    assert surname not in clerk.see("body").text
    clerk.shot("record-destroyed")
    assert DisposalItem.objects.get(record=gone).state == "destroyed"


def lift(desk: Desk, held: Record) -> None:
    Hold.objects.update(review_on=timezone.localdate())
    head = desk.sit("head", "/archive/")
    head.see("#due-holds")
    head.leave("holds")
    head.shot("holds")
    head.follow("#due a")
    head.shot("hold-review")
    head.write("reason", "Пресуда је правноснажна.")
    head.leave("hold-lift")
    head.see("#lifted")
    assert not held.holds.filter(lifted_at=None).exists()

"""The pages of holds and disposals: each person's step, and a sentence for what is refused."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from archive.disposal import Item, State
from archive.models import AuditEvent, Disposal, Hold
from archive.views import reviews
from registration.models import User
from tests.archive import disposing
from tests.archive.disposing import SURNAME
from tests.people import employee, logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def clerk() -> Client:
    return logged_in(employee("ana", None, "clerk", first_name="Ana"))


@pytest.fixture
def member() -> Client:
    return logged_in(employee("mira", None, "commission", first_name="Mira"))


@pytest.fixture
def head() -> Client:
    return logged_in(employee("hana", None, "head", first_name="Hana"))


def said(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def test_a_clerk_holds_what_lines_name_and_the_head_lifts(clerk: Client, head: Client) -> None:
    row = disposing.record()
    reviewer = User.objects.get(username="hana")
    order = {
        "records": f"{row.file_number}\nSE-0/1900",
        "ordered_by": "Виши суд",
        "document_number": "К-12/26",
        "document_on": "01.03.2026.",
        "reason": "спор",
        "reviewer": reviewer.pk,
        "review_on": (timezone.localdate() + timedelta(days=5)).strftime("%d.%m.%Y."),
    }
    assert row.file_number in said(clerk.get(f"/archive/holds/new/?record={row.pk}"))
    assert "Not found: SE-0/1900." in said(clerk.post("/archive/holds/new/", order))
    answer = clerk.post("/archive/holds/new/", {**order, "records": row.file_number})
    made = Hold.objects.get()
    assert answer["Location"] == f"/archive/holds/{made.pk}/"
    assert "Held: Виши суд, К-12/26" in said(clerk.get(f"/archive/records/{row.pk}/"))
    address = f"/archive/holds/{made.pk}/"
    assert "Lift the hold" not in said(clerk.get(address))
    assert "Your role does not allow" in said(clerk.post(f"{address}lift/", {"reason": "крај"}))
    assert "Lift the hold" in said(head.get(address))
    assert head.post(f"{address}lift/", {"reason": "крај"}).status_code == 302
    assert "Held:" not in said(clerk.get(f"/archive/records/{row.pk}/")).split("What happened")[0]


def test_a_proposal_takes_what_is_ticked_or_all_that_may_go(clerk: Client) -> None:
    free, held, refused = disposing.record(), disposing.record(), disposing.refused()
    disposing.hold(held)
    page = said(clerk.get("/archive/disposals/new/"))
    assert "Propose all 2 that may go" in page
    assert SURNAME not in page
    assert "No record is chosen" in said(clerk.post("/archive/disposals/new/", {}))
    answer = said(clerk.post("/archive/disposals/new/", {"record": [held.pk, free.pk]}))
    assert f"These records may not be destroyed: {held.file_number} (held)." in answer
    clerk.post("/archive/disposals/new/", {"all": "1", "kind": "issue"})
    made = Disposal.objects.get()
    assert {each.record for each in made.items.all()} == {free, refused}
    assert f"In disposal {made.number}" in said(clerk.get(f"/archive/records/{free.pk}/"))


def test_a_review_page_takes_words_and_wants_reasons(member: Client) -> None:
    one, two = disposing.record(), disposing.record()
    made = disposing.proposed(one, two)
    first, last = made.items.order_by("pk").values_list("pk", flat=True)
    address = f"/archive/disposals/{made.pk}/review/"
    sent = {"shown": [first, last], f"state-{first}": "later", "rest": "1"}
    assert "Write the reason." in said(member.post(address, sent))
    said_later = {**sent, f"reason-{first}": "тужба"}
    assert member.post(address, said_later)["Location"] == f"/archive/disposals/{made.pk}/"
    assert list(made.items.values_list("state", flat=True)) == [Item.LATER, Item.ACCEPTED]
    assert "тужба" in said(member.get(f"{address}?decided"))
    changed = {"shown": [first, last], f"state-{first}": "accepted", f"reason-{first}": ""}
    member.post(f"{address}?decided", changed)
    assert list(made.items.values_list("state", flat=True)) == [Item.ACCEPTED, Item.ACCEPTED]


def test_a_double_click_accepts_only_what_the_page_showed(
    member: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reviews, "PAGE", 1)
    made = disposing.proposed(disposing.record(), disposing.record())
    address = f"/archive/disposals/{made.pk}/review/"
    shown = re.findall(r'name="shown" value="(\d+)"', said(member.get(address)))
    for _click in range(2):
        answer = said(member.post(address, {"shown": shown, "rest": "1"}, follow=True))
    states = [Item.ACCEPTED, Item.PENDING]
    assert list(made.items.order_by("pk").values_list("state", flat=True)) == states
    assert "No record is chosen." in answer


def test_a_step_says_whose_turn_it_is_and_why_not(
    clerk: Client, head: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    disposing.wait_days(monkeypatch, 7)
    made = disposing.brought_to(State.REQUESTED)
    address = f"/archive/disposals/{made.pk}/"
    assert "It waits for: head of the archive" in said(clerk.get(address))
    request = made.documents.get(kind="request")
    taken = clerk.get(f"{address}documents/{request.pk}/")
    assert taken["Content-Type"] == "application/pdf"
    assert AuditEvent.objects.get(event="viewed").facts["what"] == "request"
    today = timezone.localdate().strftime("%d.%m.%Y.")
    skipped = head.post(f"{address}confirm/", {"typed": made.number}, follow=True)
    assert "This step is not possible from where the disposal stands." in said(skipped)
    foreign = clerk.post(f"{address}approve/", {"approval": "2-05/26", "on": today}, follow=True)
    assert "Your role does not allow this step." in said(foreign)
    head.post(f"{address}approve/", {"approval": "2-05/26", "on": today, "without": ""})
    wrong = head.post(f"{address}confirm/", {"typed": "2/2026"}, follow=True)
    assert "is not the number of this disposal" in said(wrong)
    confirmed = head.post(f"{address}confirm/", {"typed": made.number}, follow=True)
    assert "Nothing is destroyed before" in said(confirmed)
    assert head.post(f"{address}nothing/").status_code == 404
    assert "This field is required" in said(head.post(f"{address}cancel/", {"reason": ""}))
    head.post(f"{address}cancel/", {"reason": "погрешан попис"})
    assert "погрешан попис" in said(clerk.get(address))


def test_a_stub_is_found_by_number_and_names_the_act(
    clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    disposing.wait_days(monkeypatch, 0)
    row = disposing.record()
    made = disposing.brought_to(State.DESTROYED, row)
    found = said(clerk.post("/archive/", {"box": row.file_number}, follow=True))
    assert f'<tr data-record="{row.pk}">' in found
    page = said(clerk.get(f"/archive/records/{row.pk}/"))
    assert f"by record of destruction {made.act_number}" in page
    assert (SURNAME in page, SURNAME in found) == (False, False)
    assert clerk.post(f"/archive/records/{row.pk}/", {"reason": "контрола"}).status_code == 200
    assert "Destroyed by record" in said(clerk.get(f"/archive/disposals/{made.pk}/"))

"""What the officer sees of a certification body that wants to be told, or whose answer is lost."""

import pytest
from django.test import Client

from registration.models import Desk, Issuance, User
from registration.workflow.issuance import Stage
from tests.pages.page import Page
from tests.registration import making


def at(client: Client, issuance: Issuance) -> Page:
    return Page.get(client, f"/cases/{issuance.application.number}/")


def lost(officer: User, desk: Desk) -> Issuance:
    issuance = making.started(officer, desk)
    making.request(issuance)
    asked = {"id": "aa" * 16, "phase": "asked", "nonce": "", "number": -1}
    facts = {"stage": Stage.UNKNOWN, "failure_code": "ca-answer-lost", "transaction": asked}
    Issuance.objects.filter(pk=issuance.pk).update(**facts)
    return issuance


def test_a_lost_answer_asks_the_officer_to_ask_there_first(
    client: Client, officer: User, desk: Desk
) -> None:
    issuance = lost(officer, desk)
    page = at(client, issuance)
    assert page.text("//*[@id='failure']") == (
        "The answer of the certification body is lost. Ask there whether a certificate was issued"
        " before anything else is done."
    )
    assert page.texts("//*[@data-action='resume']") == []
    assert page.text("//*[@data-action='ask-anew']") == "I have asked there: ask anew"
    Page.post(client, f"/cases/{issuance.application.number}/resume/")
    issuance.refresh_from_db()
    assert (issuance.stage, issuance.transaction["phase"]) == ("waiting_ca", "lost")


def test_an_approval_is_waited_for_in_plain_sight(
    client: Client, officer: User, desk: Desk
) -> None:
    issuance = making.started(officer, desk)
    making.request(issuance)
    progress = {"stage": "waiting-approval", "check_after": 60}
    Issuance.objects.filter(pk=issuance.pk).update(progress=progress)
    page = at(client, issuance)
    assert page.one("//*[@id='making']").get("data-point") == "ca"
    assert page.text("//*[@id='now']").startswith("The certification body has the request.")


@pytest.mark.parametrize(
    ("acceptance", "begins"),
    [
        ("owed", "it is being told that the certificate is on the card"),
        ("told", "it knows that the certificate is on the card"),
        ("refused", "it did not accept the certificate"),
    ],
)
def test_what_the_body_knows_stands_with_the_certificate(
    client: Client, officer: User, desk: Desk, acceptance: str, begins: str
) -> None:
    issuance = making.confirmed(officer, desk)
    assert at(client, issuance).all("//*[@data-acceptance]") == []
    Issuance.objects.filter(pk=issuance.pk).update(acceptance=acceptance)
    page = at(client, issuance)
    assert page.text(f"//dd[@data-acceptance='{acceptance}']").startswith(begins)


def test_nothing_is_handed_over_until_the_body_agrees(
    client: Client, officer: User, desk: Desk
) -> None:
    issuance = making.confirmed(officer, desk)
    Issuance.objects.filter(pk=issuance.pk).update(acceptance="owed")
    page = at(client, issuance)
    assert page.text("//p[@data-acceptance]").startswith("The certification body is being told")
    assert page.all("//*[@data-action='hand-over']") == []
    assert len(page.all("//*[@id='polling']")) == 1
    Issuance.objects.filter(pk=issuance.pk).update(acceptance="refused")
    page = at(client, issuance)
    assert page.text("//p[@data-acceptance]").startswith("The certification body did not accept")
    assert (page.all("//*[@id='polling']"), page.all("//*[@data-action='hand-over']")) == ([], [])
    Issuance.objects.filter(pk=issuance.pk).update(acceptance="told")
    assert at(client, issuance).next_action() == "hand-over"

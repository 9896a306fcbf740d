"""What is wrong with this card, in the browser: the desk looks, the page says what to do."""

import os
import signal
from datetime import timedelta

import pytest
from django.utils import timezone

from cardops import transport
from cardops.cards.profile import Role
from cardops.channel import Channel
from registration.models import CardDiagnosis, CardReading, Desk
from tests.cardops import applications
from tests.cardops.bodies import Body, hierarchy
from tests.reader import put_in, take_out
from tests.stories import chromium, people
from tests.stories.chromium import Browser
from tests.stories.office import Office, wait_for

pytestmark = [pytest.mark.stack, pytest.mark.card, pytest.mark.browser]

DAY = timedelta(days=1)


@pytest.fixture
def body(tmp_path_factory: pytest.TempPathFactory) -> Body:
    return hierarchy(tmp_path_factory.mktemp("body"))


def store(der: bytes) -> None:
    connection = transport.connect()
    try:
        piv = applications.piv(Channel(connection))
        piv.administer(bytes(range(24)))
        piv.write_certificate(Role.SIGNING, der)
    finally:
        connection.close()


def examined(officer: Browser, finding: str) -> None:
    """Press the button and wait for what the desk says."""
    officer.leave("examine")
    officer.see(f'[data-finding="{finding}"]')


@pytest.mark.parametrize("language", people.TOLD_IN)
def test_from_no_card_to_a_new_case(office: Office, body: Body, language: str) -> None:
    with chromium.browser() as officer:
        people.log_in(officer, office.stack.address, "officer", language)
        take_out(office.card)
        officer.follow('[data-action="diagnosis"]')
        officer.shot("diagnosis-first")
        examined(officer, "no-card")
        officer.shot("diagnosis-no-card")

        put_in(office.card)
        store(body.for_card(last=-DAY))
        examined(officer, "certificate-expired")
        officer.see('[data-finding="chain-missing"]')
        officer.shot("diagnosis-expired")
        officer.leave("lead-new-case")
        officer.see('[data-reading="filled"]')
        assert officer.value("surname") == "Ђорђевић"
        assert CardReading.objects.get().result == CardReading.Result.READ

        officer.follow('[data-action="help"]')
        officer.see('[data-symptom="certificate"]')
        officer.shot("help-computer")
        assert officer.fetch(officer.link(f"leaflet-{language}"))[:2] == (200, "application/pdf")


def test_a_desk_that_stands_still_is_silent(office: Office) -> None:
    """Stop the desk's program right after it was heard of: it is asked, and says nothing."""
    desk = office.stack.children["desk"]
    with chromium.browser() as officer:
        people.log_in(officer, office.stack.address, "officer", "en")
        officer.follow('[data-action="diagnosis"]')
        os.kill(desk.pid, signal.SIGSTOP)
        try:
            officer.leave("examine")
            asked = wait_for(CardDiagnosis.objects.first)
            CardDiagnosis.objects.filter(pk=asked.pk).update(
                asked_at=timezone.now() - timedelta(minutes=1)
            )  # the sweep's patience, shortened
            officer.see('[data-finding="desk-silent"]')
        finally:
            os.kill(desk.pid, signal.SIGCONT)
    wait_for(lambda: not Desk.objects.filter(seen_at__lt=timezone.now() - timedelta(seconds=8)))

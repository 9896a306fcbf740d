"""The sweep finds something silent at the very moment when its answer comes."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from archive.services import audit
from cardops import messages
from cardops.errors import MessageError
from cardops.messages import Message
from registration.models import CardReading, Desk, Issuance, User
from registration.services import issuances, readings, resumptions, stages, sweeps
from registration.workflow.issuance import BODY_AWAY, Stage
from tests.concurrency import ready
from tests.concurrency.at_once import at_once
from tests.concurrency.outcomes import events, refused
from tests.pages import counter
from tests.registration import making

pytestmark = pytest.mark.django_db(transaction=True)

LATER = timezone.now() + timedelta(hours=1)


def answered(reading: CardReading) -> str:
    """Give the desk's answer to a reading; tell whether it was taken."""
    message = Message(
        desk=reading.desk.code,
        type="card-read",
        message_id=messages.new_id(),
        sequence=1,
        issued_at=0,
        expires_at=0,
        case="",
        issuance="",
        step=str(reading.pk),
        body={"card": counter.CARD},
    )
    try:
        with audit.transaction():
            readings.receive(reading.desk, message)
    except MessageError:
        return "too late"
    return "taken"


def test_a_card_that_was_read_in_time_is_not_called_silent(officer: User, desk: Desk) -> None:
    reading = readings.ask(desk, by=officer)
    outcome, swept = at_once(partial(answered, reading), partial(readings.sweep, LATER))
    assert swept is None
    reading.refresh_from_db()
    if outcome == "taken":
        assert (reading.result, reading.failure_code) == ("read", "")
        assert reading.card == counter.CARD
    else:
        assert (reading.result, reading.failure_code) == ("failed", "desk-silent")
        assert reading.card is None


def test_a_request_made_while_the_sweep_looks_is_kept(officer: User, desk: Desk) -> None:
    issuance = ready.started(officer, desk)
    Desk.objects.update(seen_at=timezone.now() - timedelta(days=1))
    outcomes = at_once(partial(making.request, issuance), lambda: list(sweeps.sweep(LATER)))
    assert refused(outcomes) == []
    issuance.refresh_from_db()
    assert issuance.request
    assert issuance.stage in {Stage.WAITING_CA, Stage.INTERRUPTED}


def test_two_sweeps_ask_again_once(officer: User, desk: Desk) -> None:
    issuance = ready.started(officer, desk)
    asked = at_once(*(lambda: list(sweeps.sweep(LATER)) for _ in range(2)))
    assert [each.issuance for found in asked for each in found] == [str(issuance.pk)]


def test_the_sweep_gives_up_while_an_officer_goes_on(officer: User, desk: Desk) -> None:
    issuance = making.interrupt(ready.started(officer, desk), "no-card")
    outcomes = at_once(
        partial(issuances.resume, issuance, by=officer),
        partial(stages.interrupt, issuance.pk, "desk-silent", {}),
    )
    assert refused(outcomes) == []
    issuance.refresh_from_db()
    assert events(issuance.application.number).count("issuance.resume") == 1
    stopped = issuance.failure_code == "desk-silent"
    assert issuance.stage == (Stage.INTERRUPTED if stopped else Stage.WAITING_CARD)


def test_what_waited_for_the_body_goes_on_once(officer: User, desk: Desk) -> None:
    Desk.objects.filter(pk=desk.pk).update(card_present=True)
    issuance = making.interrupt(ready.started(officer, desk), BODY_AWAY)
    soon = timezone.now() + timedelta(seconds=15)
    by_itself = partial(resumptions.go_on, soon)
    *alone, by_hand = at_once(by_itself, by_itself, partial(issuances.resume, issuance, by=officer))
    taken = [pk for found in alone for pk in found] + [by_hand] * isinstance(by_hand, Issuance)
    assert len(taken) == 1
    assert events(issuance.application.number).count("issuance.resume") == 1

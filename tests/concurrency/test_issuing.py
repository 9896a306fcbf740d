"""Issue pressed twice, answered twice, at two desks: one key, one certificate, one result."""

import time
from functools import partial
from typing import Any

import pytest
from cryptography import x509
from django.http import HttpResponse

from cardops import messages
from cardops.messages import Keys, Message
from registration import ca, errors, tasks
from registration.ca.base import Enrolled, EnrolmentRequest, Pending, Transaction
from registration.ca.embedded.authority import EmbeddedCA
from registration.models import Application, Certificate, Desk, Issuance, User
from registration.queries import issuances as queries
from registration.services import (
    conversation,
    desk_keys,
    enrolments,
    issuances,
    revocations,
    stages,
)
from registration.workflow.issuance import Stage
from tests.concurrency import ready
from tests.concurrency.at_once import at_once
from tests.concurrency.outcomes import events, once, only_one, refused
from tests.concurrency.queues import Queues
from tests.pages import counter
from tests.pages.page import Page
from tests.people import logged_in
from tests.registration import making

pytestmark = pytest.mark.django_db(transaction=True)

FAILED = {"code": "no-card", "facts": {}}
PRESSED = (errors.NotNowError, errors.AlreadyMakingError)


def enveloped(desk: Desk, keys: Keys, **said: Any) -> str:
    """Seal what the desk says, as its program does."""
    now = time.time()
    facts = {"case": "", "step": "", "issuance": ""} | said
    message = Message(
        desk=desk.code,
        message_id=messages.new_id(),
        sequence=messages.next_sequence(0, now),
        issued_at=now,
        expires_at=now + 60,
        **facts,
    )
    return messages.seal(message, sender=keys, receiver=desk_keys.server_keys().public)


def pressed(case: Application, desk: Desk, by: User) -> Issuance:
    as_seen = Application.objects.get(pk=case.pk)
    return issuances.start(as_seen, desk, option="1", email="", by=by)


def test_two_officers_press_issue_at_two_desks(
    officer: User, colleague: User, desk: Desk, second_desk: Desk
) -> None:
    case = counter.signed(officer, desk)
    outcomes = at_once(
        partial(pressed, case, desk, officer),
        partial(pressed, case, second_desk, colleague),
        partial(pressed, case, desk, officer),
    )
    started = only_one(outcomes, *PRESSED)
    assert queries.live(case) == list(Issuance.objects.order_by("-role"))
    assert started == queries.current(case)
    assert once(case.number, "case.start_issuing")
    assert [each.journal.count() for each in queries.live(case)] == [1, 0]


def test_one_desk_makes_one_certificate_at_a_time(
    officer: User, colleague: User, desk: Desk
) -> None:
    first, second = counter.signed(officer, desk), counter.signed(officer, desk)
    outcomes = at_once(
        partial(pressed, first, desk, officer), partial(pressed, second, desk, colleague)
    )
    only_one(outcomes, errors.BusyDeskError)
    assert Issuance.objects.filter(stage=Stage.WAITING_CARD).count() == 1


def test_the_button_pressed_twice_asks_the_desk_once(
    officer: User, colleague: User, desk: Desk, queues: Queues
) -> None:
    case = counter.signed(officer, desk)

    def press(by: User) -> HttpResponse:
        data = {"option": "1", "desk": desk.code}
        return logged_in(by).post(f"/cases/{case.number}/issue/", data)

    pressed = at_once(partial(press, officer), partial(press, officer), partial(press, colleague))
    assert sorted(each.status_code for each in pressed) == [200, 200, 302]
    pages = [Page(each) for each in pressed if each.status_code == 200]
    assert [page.steps()["issue"] for page in pages] == ["current", "current"]
    issuance = Issuance.objects.get(stage=Stage.WAITING_CARD)
    assert queues.tasks() == [("registration.tasks.command", [str(issuance.pk)])]


def test_a_command_delivered_twice_makes_one_key(officer: User, desk: Desk, queues: Queues) -> None:
    issuance = ready.started(officer, desk)
    outcomes = at_once(*(partial(tasks.command, str(issuance.pk)) for _ in range(2)))
    assert refused(outcomes) == []
    sent = [messages.desk_of(envelope) for envelope in queues.commands(desk.code)]
    assert sent == [desk.code] * 2
    cards = at_once(*(partial(making.request, issuance) for _ in range(2)))
    assert refused(cards) == []
    issuance.refresh_from_db()
    assert issuance.stage == Stage.WAITING_CA
    journaled = x509.load_pem_x509_csr(issuance.request.encode()).public_key()
    assert [card.key.public_key() == journaled for card in cards].count(True) == 1
    results = issuance.journal.filter(kind="result", step="make-request")
    assert results.count() == 1


def test_the_certificate_is_asked_for_by_two_workers(officer: User, desk: Desk) -> None:
    issuance = ready.started(officer, desk)
    card = making.request(issuance)
    outcomes = at_once(*(partial(enrolments.enrol, str(issuance.pk)) for _ in range(3)))
    assert sorted(outcomes) == [False, False, True]
    assert Certificate.objects.get().issuance == issuance
    assert once(issuance.application.number, "certificate.issue")
    making.written(issuance, card)
    making.prove(issuance)  # and the other certificate
    assert once(issuance.application.number, "case.confirm")


def test_an_answer_delivered_twice_is_taken_once(officer: User, desk: Desk, keys: Keys) -> None:
    issuance = ready.started(officer, desk)
    text = enveloped(desk, keys, type="failed", issuance=str(issuance.pk), body=FAILED)
    outcomes = at_once(*(partial(conversation.receive, text) for _ in range(3)))
    assert refused(outcomes) == []
    issuance.refresh_from_db()
    assert (issuance.stage, issuance.failure_code) == (Stage.INTERRUPTED, "no-card")
    assert issuance.journal.filter(kind="failure").count() == 1
    assert set(events(desk.code)) == {"desk.message.refused"}  # once is enough for the same reason


def test_gone_on_and_given_up_at_once(officer: User, colleague: User, desk: Desk) -> None:
    stopped = making.interrupt(ready.started(officer, desk), "no-card")
    only_one(
        at_once(
            partial(issuances.resume, stopped, by=officer),
            partial(issuances.resume, stopped, by=colleague),
            partial(revocations.give_up, stopped.application, "odustala", by=colleague),
        ),
        errors.NotNowError,
        errors.StillRunningError,
    )
    assert once(stopped.application.number, "issuance.resume", "case.give_up")


def test_a_certificate_that_comes_after_giving_up_is_revoked(
    officer: User, desk: Desk, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The body answers while the officer, tired of waiting, gives up."""
    issuance = ready.started(officer, desk)
    making.request(issuance)
    ask = EmbeddedCA.enrol

    def slow(
        body: EmbeddedCA, request: EnrolmentRequest, _transaction: Transaction
    ) -> Enrolled | Pending:
        stages.interrupt(issuance.pk, "no-answer", {})
        stopped = Issuance.objects.get(pk=issuance.pk)
        revocations.give_up(stopped.application, "predugo traje", by=officer)
        return ask(body, request)

    monkeypatch.setattr(EmbeddedCA, "enrol", slow)
    assert not enrolments.enrol(str(issuance.pk))
    body = ca.connect(settings.OVERA)
    came = body.lookup(str(issuance.pk))
    assert isinstance(came, Enrolled)
    serial = x509.load_der_x509_certificate(came.certificate).serial_number
    assert body.status(serial).state == "revoked"
    assert once(issuance.application.number, "certificate.revoke")

"""A card examined at a desk: only its desk answers, once, and silence is an answer too."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from archive.models import AuditEvent
from cardops import messages
from cardops.diagnose import Code, Diagnosis, Finding, Seen
from cardops.messages import Keys, Message
from registration.errors import BusyDeskError, ForeignOfficeError
from registration.models import CardDiagnosis, Desk, User
from registration.services import conversation, desk_keys, diagnoses
from tests.pages import counter
from tests.people import person
from tests.registration import making

FOUND = Diagnosis((Finding(Code.NO_CARD, {}),), Seen(readers=("Reader A",)))


@pytest.fixture
def keys(desk: Desk) -> Keys:
    own = Keys.generate()
    Desk.objects.filter(pk=desk.pk).update(public_keys=own.public.to_json())
    return own


def said(keys: Keys, asked: CardDiagnosis, kind: str, body: dict[str, Any]) -> str:
    now = time.time()
    message = Message(
        desk=asked.desk.code,
        type=kind,
        message_id=messages.new_id(),
        sequence=messages.next_sequence(0, now),
        issued_at=now,
        expires_at=now + 60,
        case="",
        issuance="",
        step=str(asked.pk),
        body=body,
    )
    return messages.seal(message, sender=keys, receiver=desk_keys.server_keys().public)


def codes(asked: CardDiagnosis) -> list[str]:
    asked.refresh_from_db()
    found = diagnoses.result(asked)
    return [finding.code.value for finding in found.findings] if found else []


def test_what_the_desk_found_is_kept_and_audited(officer: User, desk: Desk, keys: Keys) -> None:
    asked = diagnoses.ask(desk, by=officer)
    command = diagnoses.command(str(asked.pk))
    assert command is not None
    assert command.desk_code == desk.code
    conversation.receive(said(keys, asked, "diagnosed", {"diagnosis": FOUND.to_json()}))
    asked.refresh_from_db()
    assert diagnoses.result(asked) == FOUND
    assert diagnoses.command(str(asked.pk)) is None
    event = AuditEvent.objects.get(event="card.examined")
    assert event.facts == {"desk": desk.code, "findings": ["no-card"]}


def test_a_desk_that_failed_is_a_finding(officer: User, desk: Desk, keys: Keys) -> None:
    asked = diagnoses.ask(desk, by=officer)
    failed = {"during": "diagnose", "code": "desk-fault", "facts": {"error": "OSError"}}
    conversation.receive(said(keys, asked, "failed", failed))
    assert codes(asked) == ["card-faulty"]


@pytest.mark.parametrize("body", [{}, {"diagnosis": {"findings": [{"code": "x"}], "seen": {}}}])
def test_what_is_no_diagnosis_is_refused(
    officer: User, desk: Desk, keys: Keys, body: dict[str, Any]
) -> None:
    asked = diagnoses.ask(desk, by=officer)
    conversation.receive(said(keys, asked, "diagnosed", body))
    assert codes(asked) == []
    assert AuditEvent.objects.filter(event="desk.message.refused").count() == 1


def test_the_first_answer_counts(officer: User, desk: Desk, keys: Keys) -> None:
    asked = diagnoses.ask(desk, by=officer)
    diagnoses.sweep(timezone.now() + timedelta(minutes=1))
    assert codes(asked) == ["desk-silent"]
    conversation.receive(said(keys, asked, "diagnosed", {"diagnosis": FOUND.to_json()}))
    assert codes(asked) == ["desk-silent"]


def test_a_desk_of_another_office_is_not_asked(officer: User, desk: Desk) -> None:
    case = counter.opened(officer, desk)
    stranger = person("strahinja", counter.office("072", "Zemun"), "change_application")
    with pytest.raises(ForeignOfficeError):
        diagnoses.ask(desk, by=stranger, application=case)


def test_a_desk_that_makes_a_certificate_is_not_disturbed(officer: User, desk: Desk) -> None:
    making.started(officer, desk)
    with pytest.raises(BusyDeskError):
        diagnoses.ask(desk, by=officer)
    assert not CardDiagnosis.objects.exists()


def test_what_is_long_over_is_forgotten(officer: User, desk: Desk) -> None:
    asked = diagnoses.ask(desk, by=officer)
    diagnoses.sweep(timezone.now() + timedelta(minutes=1))
    diagnoses.sweep(timezone.now() + timedelta(days=29))
    assert codes(asked) == ["desk-silent"]
    diagnoses.sweep(timezone.now() + timedelta(days=31))
    assert not CardDiagnosis.objects.exists()

"""What a desk must not say to the server: each is refused, audited, and changes nothing."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from django.forms.models import model_to_dict
from django.utils import timezone

from archive.models import AuditEvent
from cardops.diagnose import Diagnosis, Seen
from registration import tasks
from registration.models import (
    CardDiagnosis,
    CardReading,
    Certificate,
    Desk,
    DeskMessage,
    Issuance,
    Office,
    User,
)
from registration.services import conversation, diagnoses, readings, stages, sweeps
from registration.workflow.issuance import Stage
from tests.desk.envelopes import signed_anew
from tests.desk.speaker import HELLO, Speaker
from tests.pages import counter
from tests.registration import making
from tests.registration.conftest import office, officer, sentences

__all__ = ["office", "officer", "sentences"]


@pytest.fixture
def speaker(office: Office) -> Speaker:
    made = Speaker()
    made.enrolled(office)
    assert conversation.receive(made.says()) is None
    assert refusals() == []
    return made


@pytest.fixture
def desk(speaker: Speaker) -> Desk:
    return Desk.objects.get(code=speaker.code)


@pytest.fixture
def issuance(officer: User, desk: Desk) -> Issuance:
    return making.started(officer, desk)


def refusals() -> list[str]:
    refused = AuditEvent.objects.filter(event="desk.message.refused").order_by("number")
    return [f"{event.subject} {event.facts['reason']}" for event in refused]


def everything() -> list[object]:
    """Return all that a message could have changed."""
    kept = [Desk, DeskMessage, CardDiagnosis, CardReading, Issuance, Certificate]
    rows = [model_to_dict(row) for model in kept for row in model.objects.order_by("pk")]
    seen = list(Desk.objects.values_list("seen_at", "last_accepted", "reader", "health"))
    return [*rows, *seen]


def refused(text: object) -> str:
    """Let the server take a message; return the reason for which it was refused."""
    before = everything()
    assert tasks.deliver(text) is None
    assert everything() == before
    return refusals()[-1]


def test_a_message_is_taken_once(speaker: Speaker) -> None:
    said = speaker.says(body=HELLO | {"reader": "Reader B"})
    conversation.receive(said)
    assert Desk.objects.get().reader == "Reader B"
    assert refused(said) == "desk-1 sequence"


def test_an_answer_is_taken_once_whatever_its_number(speaker: Speaker, issuance: Issuance) -> None:
    failure = {"code": "no-card", "facts": {}}
    about = {"issuance": str(issuance.pk), "message_id": "ab" * 16}
    conversation.receive(speaker.says("failed", failure, **about))
    assert Issuance.objects.get(pk=issuance.pk).stage == Stage.INTERRUPTED
    assert refused(speaker.says("failed", failure, **about)) == "desk-1 seen"


def test_an_overtaken_message_is_refused(speaker: Speaker) -> None:
    earlier, later = speaker.says(), speaker.says()
    conversation.receive(later)
    assert refused(earlier) == "desk-1 sequence"


def test_a_forged_message_is_refused(speaker: Speaker) -> None:
    assert refused(Speaker(code="desk-1", last=speaker.last).says()) == "desk-1 signature"


@pytest.mark.parametrize("field", ["type", "issuance", "case", "step", "message_id"])
def test_a_changed_message_is_refused(speaker: Speaker, field: str) -> None:
    changed = json.loads(speaker.says()) | {field: "ab" * 16}
    assert refused(json.dumps(changed)) == "desk-1 signature"


def test_a_desk_does_not_speak_for_another(speaker: Speaker, office: Office) -> None:
    other = Speaker(code="desk-2")
    other.enrolled(office)
    assert refused(json.dumps(json.loads(other.says()) | {"desk": "desk-1"})) == "desk-1 signature"
    assert refused(other.says(desk="desk-1")) == "desk-1 signature"
    assert refused(other.says(desk="desk-3")) == "unknown desk"


def test_what_the_server_said_does_not_come_back(speaker: Speaker, desk: Desk) -> None:
    asked = readings.command(str(readings.ask(desk, by=User.objects.get(username="officer")).pk))
    assert asked is not None
    assert refused(asked.text) == "desk-1 signature"


@pytest.mark.parametrize(("begins", "ends"), [(-120, -1), (61, 120)])
def test_a_message_out_of_its_time_is_refused(speaker: Speaker, begins: int, ends: int) -> None:
    now = time.time()
    said = speaker.says(issued_at=now + begins, expires_at=now + ends)
    assert refused(said) == "desk-1 expired"


def test_a_desk_that_was_switched_off_is_refused(speaker: Speaker, desk: Desk) -> None:
    Desk.objects.update(active=False)
    assert refused(speaker.says()) == "desk-1 desk"


GARBAGE = [None, 7, [], {}, "", "[]", "NaN", "[" * 900_000, "x" * 1_000_001, b"{}", "\\ud800"]


@pytest.mark.parametrize("text", GARBAGE, ids=repr)
def test_garbage_is_refused(speaker: Speaker, text: object) -> None:
    assert refused(text).startswith("unknown ")


@pytest.mark.parametrize(("field", "value"), [("sequence", "9"), ("issued_at", None)])
def test_a_header_of_other_types_is_refused(speaker: Speaker, field: str, value: object) -> None:
    envelope = json.loads(speaker.says()) | {field: value}
    assert refused(signed_anew(envelope, speaker.keys)) == "desk-1 header"


NO_HELLOS: list[Any] = [
    {},
    HELLO | {"version": None},
    HELLO | {"version": "x" * 41},
    HELLO | {"reader": ["Reader A"]},
    HELLO | {"readers": "Reader A"},
    HELLO | {"readers": [{}]},
    HELLO | {"readers": ["x"] * 25},
    HELLO | {"unsent": "many"},
    HELLO | {"unsent": True},
    HELLO | {"pin_pad": {}},
]


def test_a_hello_that_says_nothing_sound_is_refused(speaker: Speaker) -> None:
    for body in NO_HELLOS:
        assert refused(speaker.says(body=body)) == "desk-1 body", body


NO_ANSWERS: list[tuple[str, Any]] = [
    ("nonsense", {}),
    ("progress", {"stage": {}}),
    ("progress", {"stage": "x" * 201}),
    ("progress", {"of": 10**30}),
    ("progress", {str(number): 1 for number in range(99)}),
    ("failed", {}),
    ("failed", {"code": [], "facts": {}}),
    ("failed", {"code": "no-card", "facts": []}),
    ("failed", {"code": "wrong-card", "facts": {"fields": 7}}),
    ("failed", {"code": "wrong-card", "facts": {"fields": [[]]}}),
    ("failed", {"code": "no-card", "facts": {}, "replaced_serial": "'; --"}),
    ("request-made", {}),
    ("request-made", {"csr": "!", "public_key": ""}),
    ("request-made", {"csr": 7, "public_key": None}),
]


def test_an_answer_of_another_shape_is_refused(speaker: Speaker, issuance: Issuance) -> None:
    for kind, body in NO_ANSWERS:
        said = speaker.says(kind, body, issuance=str(issuance.pk))
        why = "type" if kind == "nonsense" else "body"
        assert refused(said) == f"desk-1 {why}", (kind, body)


@pytest.mark.parametrize("issuance_id", ["nonsense", "0" * 32, "7"])
def test_an_answer_about_nothing_is_refused(speaker: Speaker, issuance_id: str) -> None:
    assert refused(speaker.says("progress", {}, issuance=issuance_id)) == "desk-1 issuance"


def test_a_desk_does_not_answer_for_another(
    speaker: Speaker, issuance: Issuance, office: Office
) -> None:
    other = Speaker(code="desk-2")
    other.enrolled(office)
    failed = {"code": "no-card", "facts": {}}
    assert refused(other.says("failed", failed, issuance=str(issuance.pk))) == "desk-2 issuance"


def test_a_certificate_that_was_never_made_is_not_confirmed(
    speaker: Speaker, issuance: Issuance
) -> None:
    stages.interrupt(issuance.pk, "no-card", {})
    body = {"read_back": "AAAA", "signature": "AAAA", "pin_entries": 1}
    assert (
        tasks.deliver(speaker.says("certificate-written", body, issuance=str(issuance.pk))) is None
    )
    assert Issuance.objects.get(pk=issuance.pk).stage == Stage.INTERRUPTED


SEEN = Diagnosis((), Seen()).to_json()["seen"]
PERSON = counter.CARD["person"]
NO_CARDS: list[object] = [
    None,
    [],
    {},
    counter.CARD | {"person": None},
    counter.CARD | {"person": PERSON | {"born_on": "yesterday"}},
    counter.CARD | {"person": PERSON | {"jmbg": ["0101990610020"]}},
    counter.CARD | {"authenticity": {}},
    counter.CARD | {"portrait": 7},
]


def test_a_card_of_another_shape_is_refused(speaker: Speaker, desk: Desk, officer: User) -> None:
    reading = readings.ask(desk, by=officer)
    for card in NO_CARDS:
        said = speaker.says("identity-read", {"card": card}, step=str(reading.pk))
        assert refused(said) == "desk-1 body", card


NO_CERTIFICATES: list[object] = [7, [], {"signing": 7}, {"signing": "!"}, {"third": "AAAA"}]


def test_certificates_of_another_shape_are_refused(
    speaker: Speaker, desk: Desk, officer: User
) -> None:
    reading = readings.ask(desk, by=officer)
    for stored in NO_CERTIFICATES:
        body = {"card": counter.CARD, "certificates": stored}
        said = speaker.says("identity-read", body, step=str(reading.pk))
        assert refused(said) == "desk-1 body", stored


NO_DIAGNOSES: list[object] = [
    None,
    [],
    {},
    {"findings": [], "seen": {}},
    {"findings": [{"code": "nonsense", "facts": {}}], "seen": SEEN},
    {"findings": 7, "seen": SEEN},
    {"findings": [{"code": "no-card", "facts": {"x": "y" * 201}}], "seen": SEEN},
    {"findings": [], "seen": SEEN | {"readers": [{"name": "x" * 300}]}},
]


def test_a_diagnosis_of_another_shape_is_refused(
    speaker: Speaker, desk: Desk, officer: User
) -> None:
    asked = diagnoses.ask(desk, by=officer)
    for found in NO_DIAGNOSES:
        said = speaker.says("diagnosed", {"diagnosis": found}, step=str(asked.pk))
        assert refused(said) == "desk-1 body", found
    failed = {"during": "diagnose", "code": [], "facts": {}}
    assert refused(speaker.says("failed", failed, step=str(asked.pk))) == "desk-1 body"
    assert diagnoses.result(CardDiagnosis.objects.get()) is None


def test_a_desk_cannot_have_another_persons_certificate_revoked(
    speaker: Speaker, desk: Desk, officer: User
) -> None:
    victims = making.handed_over(officer, desk).certificates.earliest("pk")
    issuance = making.started(officer, desk)
    lie = {"code": "no-card", "facts": {}, "replaced_serial": victims.serial}
    assert refused(speaker.says("failed", lie, issuance=str(issuance.pk))) == "desk-1 replaced"


def test_the_sweep_goes_on_whatever_a_desk_said(speaker: Speaker, issuance: Issuance) -> None:
    conversation.receive(
        speaker.says(
            "progress", {"stage": "writing", "asked_again": "x"}, issuance=str(issuance.pk)
        )
    )
    Issuance.objects.filter(pk=issuance.pk).update(moved_at=timezone.now() - timedelta(minutes=9))
    assert [each.issuance for each in sweeps.sweep(timezone.now())] == [str(issuance.pk)]
    assert Issuance.objects.get(pk=issuance.pk).progress == {"asked_again": 1}


def test_the_same_refusal_is_audited_once_in_a_while(speaker: Speaker) -> None:
    Desk.objects.update(active=False)
    for _again in range(3):
        conversation.receive(speaker.says())
    assert refusals() == ["desk-1 desk"]


def test_a_fault_of_ours_is_audited_and_heard_of(
    speaker: Speaker, issuance: Issuance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(stages, "interrupt")
    before = everything()
    with pytest.raises(AttributeError):
        tasks.deliver(
            speaker.says("failed", {"code": "no-card", "facts": {}}, issuance=str(issuance.pk))
        )
    assert (everything(), refusals()) == (before, ["desk-1 fault"])

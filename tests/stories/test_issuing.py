"""Issuing on a real PC/SC stack: the straight way, and every way in which it may stop."""

import time
from datetime import timedelta

import pytest
from cryptography import x509
from django.conf import LazySettings
from django.utils import timezone

from archive.models import AuditEvent
from cardops import messages, transport
from cardops.cards import selection
from cardops.cards.profile import Role
from cardops.channel import Channel
from cardops.messages import Keys, Message
from registration import tasks
from registration.ca import keys
from registration.management.walk import WalkError
from registration.models import Application, Certificate, Desk, Issuance, JournalEntry
from registration.queries import issuances as queries
from registration.services import conversation, desk_keys, pin_entries, revocations, stages
from registration.workflow.issuance import Stage
from registration.workflow.states import State
from tests.reader import put_back, put_in, take_out
from tests.stories.office import PIN, WRONG, Office, wait_for

pytestmark = [pytest.mark.stack, pytest.mark.card]


def certificate_on_card(role: Role = Role.SIGNING) -> bytes | None:
    connection = transport.connect()
    try:
        return selection.select(Channel(connection)).read_certificate(role)
    finally:
        connection.close()


def test_two_certificates_come_onto_the_card_and_are_proven(office: Office) -> None:
    case = office.signed_case()
    issuance = office.start(case)
    office.type_pin()

    confirmed = office.confirmed(issuance)
    made = queries.live(case)
    assert [each.role for each in made] == ["signing", "authentication"]
    for each in made:
        assert certificate_on_card(Role(each.role)) == stages.certificate_der(each)
    typed = [each.journal.last().facts["pin_entries"] for each in made]
    assert typed == [1, 1]  # once for both, in one session of the card
    assert Application.objects.get(pk=case.pk).state == State.ISSUED
    steps = [(each.kind, each.step) for each in confirmed.journal.all()]
    assert steps == [
        ("intent", "make-request"),
        ("result", "make-request"),
        ("intent", "enrol"),
        ("result", "enrol"),
        ("intent", "write-certificate"),
        ("result", "write-certificate"),
    ]
    assert confirmed.evidence.filter(kind="signature").count() == 10
    assert set(confirmed.evidence.values_list("kind", flat=True)) == {
        "signature",
        "identity_check",
        "card_match",
        "eligibility",
        "option",
    }
    assert confirmed.evidence.get(kind="card_match").facts["authenticity"] == "proven"


@pytest.mark.parametrize("kind", ["RSA-2048", "RSA-3072", "P-384"])
def test_every_kind_of_key_comes_onto_the_card(
    office: Office, kind: str, settings: LazySettings
) -> None:
    settings.OVERA = settings.OVERA | {"KEY_TYPE": kind}
    issuance = office.start(office.signed_case())
    office.type_pin()
    confirmed = office.confirmed(issuance)
    certificate = x509.load_der_x509_certificate(certificate_on_card() or b"")
    assert keys.kind_of(keys.require(certificate.public_key())) == confirmed.key_type == kind


def test_a_request_with_another_kind_of_key_is_refused(office: Office) -> None:
    issuance = office.start(office.signed_case())
    address = office.screen()
    Issuance.objects.filter(pk=issuance.pk).update(key_type="P-384")  # not what the desk was told
    office.answer(address, PIN)
    assert office.outcome(issuance) == (Stage.INTERRUPTED, "request-not-proven")
    failed = Issuance.objects.get(pk=issuance.pk)
    assert failed.failure_facts == {"reason": "request-of-another-key-kind"}


def test_a_pulled_card_goes_on_with_the_same_key_and_certificate(office: Office) -> None:
    office.card.fault("pull", ins=0xDB, at=3)  # while the certificate is being written
    issuance = office.start(office.signed_case())
    office.type_pin()
    assert office.outcome(issuance) == (Stage.INTERRUPTED, "card-removed")
    before = Issuance.objects.get(pk=issuance.pk)

    office.card.clear_faults()
    put_back(office.card)
    office.resume(issuance)
    office.type_pin()
    after = office.confirmed(issuance)
    assert bytes(after.public_key) == bytes(before.public_key)
    assert after.certificate.serial == before.certificate.serial
    assert Certificate.objects.count() == 2  # one for each role


def test_a_killed_agent_goes_on_with_the_same_key(office: Office) -> None:
    office.card.fault("slow", ins=0xDB, at=4, seconds=3.0)
    issuance = office.start(office.signed_case())
    office.type_pin_until_written(issuance)
    office.kill("desk")
    before = Issuance.objects.get(pk=issuance.pk)
    assert before.stage == Stage.WRITING

    office.card.clear_faults()
    office.revive("desk")
    office.ask_again(issuance)
    office.type_pin()
    after = office.confirmed(issuance)
    assert bytes(after.public_key) == bytes(before.public_key)
    assert after.certificate.serial == before.certificate.serial


def test_a_killed_worker_loses_nothing(office: Office) -> None:
    issuance = office.start(office.signed_case())
    address = office.screen()
    office.kill("worker")
    office.answer(address, PIN)  # the desk answers into the broker, where the answer waits
    office.revive("worker")
    confirmed = office.confirmed(issuance)
    made = JournalEntry.objects.filter(issuance=confirmed, step="make-request", kind="result")
    assert made.count() == 1


def test_a_wrong_pin_tells_the_tries_left_and_a_blocked_one_stops(office: Office) -> None:
    chosen = office.start(office.signed_case())
    office.type_pin()
    office.confirmed(chosen)
    revocations.recall(chosen.application, "typing error", by=office.officer)

    issuance = office.start(Application.objects.get())
    address = office.screen()
    office.agree(address)
    office.answer(address, WRONG)
    wait_for(lambda: Issuance.objects.get(pk=issuance.pk).progress.get("tries_left") == 2)
    office.answer(address, WRONG)
    wait_for(lambda: Issuance.objects.get(pk=issuance.pk).progress.get("tries_left") == 1)
    office.agree(address)  # to the risk of the last try
    office.answer(address, WRONG)
    assert office.outcome(issuance) == (Stage.INTERRUPTED, "pin-blocked")

    revocations.give_up(issuance.application, "blocked", by=office.officer)
    assert Application.objects.get().state == State.SIGNED
    assert not Certificate.objects.filter(revoked_at=None).exists()


def test_the_officer_ends_the_citizens_entry(office: Office) -> None:
    case = office.signed_case()
    issuance = office.start(case)
    office.screen()
    wait_for(lambda: pin_entries.awaited(case))
    pin_entries.cancel(case, by=office.officer)
    tasks.cancel_entry.delay(str(case.pk))
    assert office.outcome(issuance) == (Stage.INTERRUPTED, "pin-cancelled")

    office.resume(issuance)
    office.type_pin()
    assert office.confirmed(issuance).journal.last().facts["pin_entries"] == 1


def test_a_missing_card_is_named_and_can_be_put_in(office: Office) -> None:
    case = office.signed_case()
    take_out(office.card)
    issuance = office.start(case)
    assert office.outcome(issuance) == (Stage.INTERRUPTED, "no-card")
    put_back(office.card)
    office.resume(issuance)
    office.type_pin()
    office.confirmed(issuance)


def test_another_persons_card_is_refused(office: Office) -> None:
    case = office.signed_case()
    put_in(office.card, "marko")
    issuance = office.start(case)
    assert office.outcome(issuance) == (Stage.INTERRUPTED, "wrong-card")
    failed = Issuance.objects.get(pk=issuance.pk)
    assert failed.failure_facts == {"fields": ["chip_serial", "document_number", "jmbg"]}


def test_a_forged_card_is_not_issued_to(office: Office) -> None:
    put_in(office.card, forged="surname")
    with pytest.raises(WalkError, match="нису доказани"):
        office.signed_case()


def test_a_card_that_stores_another_certificate_is_found_out(office: Office) -> None:
    case = office.signed_case()
    office.card.fault("wrong-certificate")
    issuance = office.start(case)
    office.type_pin()
    assert office.outcome(issuance) == (Stage.INTERRUPTED, "read-back-differs")


def test_a_card_without_vendor_commands_is_as_good(office: Office) -> None:
    put_in(office.card, vendor=False)
    issuance = office.start(office.signed_case())
    office.type_pin(PIN)
    office.confirmed(issuance)


def test_a_lost_agent_is_noticed_and_the_case_goes_on(office: Office) -> None:
    issuance = office.start(office.signed_case())
    office.screen()
    office.kill("desk")
    silent_since = timezone.now() - timedelta(minutes=1)
    Desk.objects.update(seen_at=silent_since)
    tasks.sweep()
    assert office.outcome(issuance) == (Stage.INTERRUPTED, "desk-silent")

    office.revive("desk")
    wait_for(lambda: Desk.objects.filter(seen_at__gt=silent_since).exists())
    office.resume(issuance)
    office.type_pin()
    office.confirmed(issuance)


def test_what_was_recorded_or_forged_changes_nothing(office: Office) -> None:
    case = office.signed_case()
    desk = Desk.objects.get()
    strange = Keys.generate()
    said = messages.seal(
        Message(
            desk=desk.code,
            type="hello",
            message_id=messages.new_id(),
            sequence=desk.last_accepted + 10**9,
            issued_at=time.time(),
            expires_at=time.time() + 60,
            case=case.number,
            issuance="",
            step="",
            body={"reader": "forged"},
        ),
        sender=strange,
        receiver=desk_keys.server_keys().public,
    )
    assert conversation.receive(said) is None
    assert Desk.objects.get().reader != "forged"
    refusal = AuditEvent.objects.get(event="desk.message.refused", subject=desk.code)
    assert (refusal.subject, refusal.facts) == (desk.code, {"reason": "signature"})

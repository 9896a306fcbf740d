"""A case from its first word to its file, and what stops it on the way."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from archive.models import AuditEvent, Counter, Record
from archive.services import audit, numbering
from registration import errors
from registration.models import Application, Desk, Signature, User
from registration.queries import cases as found
from registration.queries import gate, history, papers
from registration.services import (
    cases,
    filings,
    handovers,
    identity_checks,
    revocations,
    signatures,
)
from registration.workflow.states import State
from tests.pages import counter
from tests.pages.counter import DOCUMENT, PETAR
from tests.pages.page import Page
from tests.registration import making

CHOICES = counter.chosen()


def met(case: Application) -> dict[str, bool]:
    return {each.code: each.met for each in gate.requirements(case)}


def test_a_refused_application_leaves_nothing_behind(officer: User) -> None:
    wrong = replace(PETAR, jmbg="123", document_number="1")
    with pytest.raises(errors.BlockedError) as blocked:
        cases.open_case(wrong, CHOICES, by=officer)
    assert {"jmbg", "document_number"} <= {each.field for each in blocked.value.findings}
    assert (Application.objects.count(), Counter.objects.count()) == (0, 0)
    assert not AuditEvent.objects.exists()


def test_a_clerk_opens_no_case(office: object) -> None:
    with pytest.raises(errors.NotAllowedError):
        cases.open_case(PETAR, CHOICES, by=User.objects.get(username="clerk"))


def test_case_numbers_follow_each_other_and_a_rolled_back_one_is_given_again(
    officer: User,
) -> None:
    year = timezone.localdate().year % 100
    first = cases.open_case(PETAR, CHOICES, by=officer)
    with pytest.raises(ZeroDivisionError):
        take_a_number_and_fail()
    second = cases.open_case(counter.citizen(1), CHOICES, by=officer)
    assert (first.number, second.number) == (f"{year:02}0000001", f"{year:02}0000002")


def take_a_number_and_fail() -> None:
    with audit.transaction():
        numbering.case_number(timezone.localdate().year)
        raise ZeroDivisionError


def test_the_numbers_of_a_person_lie_in_no_column_in_clear(officer: User) -> None:
    case = cases.open_case(PETAR, CHOICES, by=officer)
    row = Application.objects.filter(pk=case.pk).values().get()
    clear = {name: value for name, value in row.items() if name != "applicant"}
    assert PETAR.jmbg not in str(clear)
    assert PETAR.document_number not in str(clear)
    assert found.applicant_of(case) == PETAR


@pytest.mark.parametrize("words", ["petrovic", "ПЕТРОВИЋ", "Petar", "петар петр", "0101990610020"])
def test_a_case_is_found_by_name_in_either_script_and_by_number(officer: User, words: str) -> None:
    case = cases.open_case(PETAR, CHOICES, by=officer)
    assert list(found.worklist(officer, text=words)) == [case]
    assert list(found.worklist(officer, text="Zoran")) == []


def test_the_gate_names_what_is_missing_until_nothing_is(officer: User, desk: Desk) -> None:
    case = cases.open_case(PETAR, CHOICES, by=officer)
    assert met(case) == {
        "request_signed": False,
        "option_circled": False,
        "terms_signed": False,
        "contract_signed": False,
        "identity_checked": False,
        "card_matches": False,
        "eligible": True,
    }
    case = counter.signed(officer, desk)
    assert set(met(case).values()) == {True}
    assert gate.ready(case)


def test_a_waived_contract_is_neither_printed_nor_wanted(officer: User, desk: Desk) -> None:
    case = counter.printed(officer, desk, contract_requested=False, contract_waiver="ne želi ga")
    assert [str(each.kind) for each in papers.current(case)] == ["request", "terms", "terms"]
    assert met(case)["contract_waived"]


def test_a_brought_request_gets_a_cover_that_counts_as_the_request(
    officer: User, desk: Desk
) -> None:
    case = counter.signed(officer, desk, request_brought=True)
    assert papers.current(case)[0].kind == "cover"
    assert met(case)["request_signed"]


def test_the_last_signature_makes_a_case_signed_and_a_tick_taken_back_unmakes_it(
    officer: User, desk: Desk
) -> None:
    case = counter.printed(officer, desk)
    missing = [(each.paper.pk, each.role) for each in papers.missing_signatures(case)]
    today = timezone.localdate()
    signatures.record(case, missing[:-1], signed_on=today, place="Beograd", by=officer)
    case.refresh_from_db()
    assert case.state == State.PRINTED
    signatures.record(case, missing[-1:], signed_on=today, place="Beograd", by=officer)
    case.refresh_from_db()
    assert case.state == State.SIGNED

    signatures.withdraw(Signature.objects.first(), by=officer)
    case.refresh_from_db()
    assert case.state == State.PRINTED
    assert len(papers.missing_signatures(case)) == 1


def test_a_signature_is_recorded_once_and_never_in_advance(officer: User, desk: Desk) -> None:
    case = counter.signed(officer, desk)
    taken = Signature.objects.first()
    today = timezone.localdate()
    with pytest.raises(errors.SignatureError):
        signatures.record(
            case, [(taken.paper_id, taken.role)], signed_on=today, place="Beograd", by=officer
        )
    tomorrow = today + timedelta(days=1)
    with pytest.raises(errors.FutureSignatureError):
        signatures.record(case, [], signed_on=tomorrow, place="Beograd", by=officer)


def test_who_prints_what_somebody_else_just_changed_is_told(officer: User, desk: Desk) -> None:
    mine = counter.checked(officer, desk)
    stale = Application.objects.get(pk=mine.pk)
    identity = Application.objects.get(pk=mine.pk)
    cases.correct(identity, replace(PETAR, phone="011 1"), CHOICES, by=officer)
    with pytest.raises(errors.ChangedMeanwhileError):
        identity_checks.record(stale, method="card", document=DOCUMENT, note="", by=officer)


def test_a_withdrawn_case_is_filed_with_what_was_signed(officer: User, desk: Desk) -> None:
    case = cases.withdraw(counter.signed(officer, desk), "predomislila se", by=officer)
    filed = filings.file(case, by=officer)
    record = Record.objects.get(reference=filed.record_reference)
    assert (record.state, record.file_number) == ("withdrawn", f"1/{timezone.localdate().year}")
    assert record.files.count() == 5
    assert record.certificates.count() == 0


def test_a_filed_case_brings_its_live_certificates_into_the_record(
    officer: User, desk: Desk
) -> None:
    spoilt = making.confirmed(officer, desk).application
    revocations.recall(spoilt, "pogrešno ime", by=officer)
    spoilt.refresh_from_db()
    case = making.prove(making.start(spoilt, officer, desk)).application
    filed = filings.file(making.hand_over(case, officer), by=officer)
    record = Record.objects.get(reference=filed.record_reference)
    kept = list(record.certificates.values_list("role", "serial", "sha256"))
    live = case.certificates.filter(revoked_at=None).order_by("received_at")
    assert kept == list(live.values_list("role", "serial", "sha256"))
    assert [role for role, _serial, _sha256 in kept] == ["signing", "authentication"]
    assert case.certificates.count() == 4


def test_a_case_of_one_certificate_is_filed_with_it(
    officer: User, desk: Desk, one_certificate: None
) -> None:
    case = making.filed(officer, desk)
    record = Record.objects.get(reference=case.record_reference)
    assert [each.serial for each in record.certificates.all()] == [case.certificates.get().serial]


def test_a_filed_case_leads_to_its_record(officer: User, desk: Desk, client: Client) -> None:
    case = making.filed(officer, desk)
    client.force_login(officer)
    link = Page.get(client, f"/cases/{case.number}/").all("//a[@id='id_record']")[0]
    record = Page.get(client, link.get("href"))
    assert case.file_number in record.source
    assert len(record.all("//tr[@data-role]")) == 2


def test_the_history_says_which_certificate_it_speaks_of(officer: User, desk: Desk) -> None:
    case = making.filed(officer, desk)
    issued = [each for each in history.of_case(case) if each.event == "certificate.issue"]
    kinds = history.kinds(case)
    assert [history.sentence(each, kinds) for each in issued] == [
        "Certificate issued by the certification body: signing",
        "Certificate issued by the certification body: authentication",
    ]
    record = Record.objects.get(reference=case.record_reference)
    told = record.events.filter(kind="case").values_list("text", flat=True)
    named = [text.partition(": ")[2] for text in told if ": " in text]
    assert named == ["потписивање", "аутентификација"]


def test_a_withdrawn_case_without_a_signature_has_nothing_to_file(
    officer: User, desk: Desk
) -> None:
    case = cases.withdraw(counter.printed(officer, desk), "predomislila se", by=officer)
    with pytest.raises(errors.NothingToFileError):
        filings.file(case, by=officer)
    case.refresh_from_db()
    assert (case.state, case.file_number) == (State.WITHDRAWN, "")


def test_nothing_is_handed_over_by_halves(officer: User, desk: Desk) -> None:
    case = counter.signed(officer, desk)
    Application.objects.filter(pk=case.pk).update(state=State.ISSUED)
    case.refresh_from_db()
    stays, goes = handovers.expected(case)
    assert goes == {"terms:2", "contract:2", "card"}
    with pytest.raises(errors.HandoverError):
        handovers.confirm(case, sorted(stays), sorted(goes - {"card"}), by=officer)
    with pytest.raises(errors.NotHandedOverError):
        filings.file(case, by=officer)
    handovers.confirm(case, sorted(stays), sorted(goes), by=officer)


@pytest.mark.usefixtures("heads_file")
def test_the_audit_of_a_whole_case_verifies(officer: User, desk: Desk) -> None:
    counter.signed(officer, desk)
    audit.sign_head()
    assert audit.verify().findings == ()


def test_an_identity_check_noted_wrongly_is_noted_again_and_the_last_counts(
    officer: User, desk: Desk
) -> None:
    case = counter.signed(officer, desk)
    passport = {**DOCUMENT, "kind": "pasoš", "number": "012345678"}
    again = identity_checks.record(case, method="document", document=passport, note="", by=officer)
    requirement = next(each for each in gate.requirements(case) if each.code == "identity_checked")
    assert [each[1] for each in requirement.references] == [str(again.pk)]
    assert case.identity_checks.count() == 2

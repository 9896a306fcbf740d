"""A case of Obrazac 3: opened for certificates, signed, decided, confirmed, published, told."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from archive import store
from archive.models import AuditEvent
from archive.retention import Anchor
from registration import ca, errors
from registration.ca.base import State as AtBody
from registration.models import Application, Certificate, Desk, StatusRequest, User
from registration.queries import gate, history
from registration.services import (
    cases,
    filings,
    status_requests,
)
from registration.workflow.states import State
from registration.workflow.status import Stage, Status
from tests.registration import status


@pytest.fixture
def issued(officer: User, desk: Desk) -> Application:
    """Return a filed case with its two certificates."""
    return status.filed(officer, desk)


def standing(issued: Application) -> set[tuple[Status, str]]:
    """Return where the certificates stand: as we know it, and as the body knows it."""
    return {(each.status, status.at_body(each).state) for each in issued.certificates.all()}


def test_the_paper_needs_citizen_and_officer(issued: Application, officer: User) -> None:
    case = status.signed(issued, officer, "revoke")
    paper = case.papers.get()
    assert (paper.kind, paper.copy, paper.expected) == ("status", 1, ["citizen", "officer"])
    assert case.state == State.SIGNED


def test_both_certificates_are_revoked_and_the_archive_learns_of_it(
    issued: Application, officer: User
) -> None:
    case = status.changed(issued, officer, "revoke", reason="lost")
    assert (case.state, standing(issued)) == (State.PERFORMED, {(Status.REVOKED, AtBody.REVOKED)})
    record = status.record_of(issued)
    assert {each.ended_reason for each in record.certificates.all()} == {"keyCompromise"}
    assert record.retention_anchor == Anchor.REVOCATION
    assert AuditEvent.objects.filter(event="certificate.revoke").count() == 2


def test_suspended_reactivated_suspended_again_and_revoked(
    issued: Application, officer: User
) -> None:
    ways = [
        ("suspend", (Status.SUSPENDED, AtBody.SUSPENDED)),
        ("reactivate", (Status.ACTIVE, AtBody.VALID)),
        ("suspend", (Status.SUSPENDED, AtBody.SUSPENDED)),
        ("revoke", (Status.REVOKED, AtBody.REVOKED)),
    ]
    for change, stands in ways:
        status.finished(issued, officer, change)
        assert standing(issued) == {stands}
    kinds = [each.kind for each in status.record_of(issued).events.all()]
    assert (kinds.count("paused"), kinds.count("ended")) == (6, 2)


def test_one_certificate_of_the_two_may_be_chosen(issued: Application, officer: User) -> None:
    first, second = issued.certificates.order_by("received_at")
    status.changed(issued, officer, "revoke", serials=(first.serial,))
    states = [Certificate.objects.get(pk=each.pk).status for each in (first, second)]
    assert states == [Status.REVOKED, Status.ACTIVE]


@pytest.mark.parametrize("change", ["suspend", "reactivate", "revoke"])
def test_revoked_is_final(issued: Application, officer: User, change: str) -> None:
    serials = tuple(each.serial for each in issued.certificates.all())
    status.finished(issued, officer, "revoke")
    with pytest.raises(errors.CertificateError):
        status.opened(issued, officer, change, serials=serials)


def test_only_what_is_suspended_is_reactivated(issued: Application, officer: User) -> None:
    with pytest.raises(errors.CertificateError):
        status.opened(issued, officer, "reactivate")


def test_nobody_elses_certificate_is_named(issued: Application, officer: User, desk: Desk) -> None:
    other = status.filed(officer, desk)
    theirs, own = (
        tuple(each.certificates.values_list("serial", flat=True)) for each in (other, issued)
    )
    for serials in (theirs, own[:1] + theirs[:1]):
        with pytest.raises(errors.CertificateError):
            status.opened(issued, officer, "revoke", serials=serials)


def test_without_a_serial_all_that_can_be_changed_are_meant(
    issued: Application, officer: User
) -> None:
    case = status.opened(issued, officer, "suspend", serials=())
    assert set(case.serials) == {each.serial for each in issued.certificates.all()}


def test_when_the_holder_died_somebody_else_signs(issued: Application, officer: User) -> None:
    with pytest.raises(errors.StatusReasonError):
        status.opened(issued, officer, "revoke", reason="died")
    with pytest.raises(errors.StatusReasonError):
        status.opened(issued, officer, "revoke", reported_by="Мара Марић")
    case = status.signed(issued, officer, "revoke", reason="died", reported_by="Мара Марић")
    signers = {each.role: each.signer for each in case.papers.get().signatures.all()}
    assert signers["citizen"] == "Мара Марић"
    stated = AuditEvent.objects.get(event="case.open", subject=case.number).facts
    assert "reported_by" not in stated


def test_a_reason_that_fits_another_change_opens_nothing(
    issued: Application, officer: User
) -> None:
    with pytest.raises(errors.StatusReasonError):
        status.opened(issued, officer, "suspend", reason="lost")


def test_a_lost_card_needs_no_reading_and_an_old_one_no_chip(
    issued: Application, officer: User
) -> None:
    case = status.signed(issued, officer, "revoke", reason="lost")
    assert [each.code for each in gate.requirements(case) if each.met] == [
        "request_signed",
        "option_circled",
        "identity_checked",
        "status_allows",
    ]


def test_nothing_is_decided_before_the_form_is_signed(issued: Application, officer: User) -> None:
    case = status.opened(issued, officer, "revoke")
    with pytest.raises(errors.NotNowError):
        status.decide(case, officer)
    assert standing(issued) == {(Status.ACTIVE, AtBody.VALID)}


def test_without_the_identity_nothing_is_decided(issued: Application, officer: User) -> None:
    case = status.signed(issued, officer, "revoke")
    case.identity_checks.all().delete()
    with pytest.raises(errors.GateError) as gated:
        status.decide(case, officer)
    assert gated.value.facts == {"missing": ["identity_checked"]}


def test_the_option_is_read_from_the_signed_form(issued: Application, officer: User) -> None:
    case = status.signed(issued, officer, "revoke")
    with pytest.raises(errors.OptionError):
        status_requests.decide(case, option="2", by=officer)
    assert not StatusRequest.objects.exists()


def test_while_the_body_is_asked_the_case_stands_still(issued: Application, officer: User) -> None:
    case = status.decided(issued, officer, "revoke").application
    case.refresh_from_db()
    for step in (
        lambda: cases.withdraw(case, "неће", by=officer),
        lambda: status.decide(case, officer),
    ):
        with pytest.raises(errors.BodyAskedError):
            step()


def test_intent_and_result_are_journaled_for_each(issued: Application, officer: User) -> None:
    row = status.changed(issued, officer, "suspend").status_request
    written = [(entry.kind, entry.step) for entry in row.journal.all()]
    assert written == [
        ("intent", "decide"),
        ("intent", "suspend"),
        ("result", "suspend"),
        ("intent", "suspend"),
        ("result", "suspend"),
    ]


def test_asked_twice_it_changes_once(issued: Application, officer: User) -> None:
    row = status.decided(issued, officer, "revoke")
    assert [status_requests.perform(row.pk) for _again in range(2)] == [True, False]
    assert AuditEvent.objects.filter(event="case.change_status").count() == 1


def test_what_the_body_did_before_the_answer_was_lost_counts(
    issued: Application, officer: User
) -> None:
    connector = ca.connect(settings.OVERA)
    for change, code in (("suspend", "certificateHold"), ("reactivate", "removeFromCRL")):
        row = status.decided(issued, officer, change)
        for each in issued.certificates.all():
            connector.revoke(int(each.serial, 16), code, timezone.now())
        assert status_requests.perform(row.pk)
        status_requests.tell(row.application, "phone", by=officer)
        filings.file(Application.objects.get(pk=row.application_id), by=officer)
    assert standing(issued) == {(Status.ACTIVE, AtBody.VALID)}


def test_what_was_revoked_at_the_body_cannot_be_suspended(
    issued: Application, officer: User
) -> None:
    row = status.decided(issued, officer, "suspend")
    first = issued.certificates.order_by("received_at")[0]
    ca.connect(settings.OVERA).revoke(int(first.serial, 16), "keyCompromise", timezone.now())
    assert not status_requests.perform(row.pk)
    row.refresh_from_db()
    assert (row.stage, row.failure_code) == (Stage.INTERRUPTED, "stands-otherwise")
    assert row.failure_facts["state"] == "revoked"
    assert Certificate.objects.get(pk=first.pk).status == Status.REVOKED
    assert cases.withdraw(row.application, "опозван је", by=officer).state == State.WITHDRAWN


def test_what_was_done_before_a_refusal_is_not_done_again(
    issued: Application, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = status.decided(issued, officer, "suspend")
    second = row.certificates.order_by("pk")[1]
    ledger = ca.connect(settings.OVERA).folder / "ledger" / "certificates"
    kept, aside = ledger / f"{second.serial}.cer", ledger / "aside"
    kept.rename(aside)  # the body does not know it
    assert not status_requests.perform(row.pk)
    aside.rename(kept)
    decided_at = row.decided_at
    again = status.decide(row.application, officer)
    assert (again.pk, again.decided_at, again.failure_code) == (row.pk, decided_at, "")
    assert status_requests.perform(row.pk)
    assert standing(issued) == {(Status.SUSPENDED, AtBody.SUSPENDED)}
    assert AuditEvent.objects.filter(event="certificate.suspend").count() == 2


def test_while_the_body_is_away_the_request_waits_and_goes_on_by_itself(
    issued: Application, officer: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = status.decided(issued, officer, "revoke")
    (tmp_path / "file").touch()
    with monkeypatch.context() as away:
        away.setitem(settings.OVERA, "CA", settings.OVERA["CA"] | {"FOLDER": tmp_path / "file"})
        assert not status_requests.perform(row.pk)
    row.refresh_from_db()
    assert (row.stage, row.failure_code) == (Stage.WAITING, "ca-unreachable")
    assert list(status_requests.due(timezone.now())) == []
    assert list(status_requests.due(timezone.now() + timedelta(minutes=1))) == [row.pk]
    assert status_requests.perform(row.pk)
    assert standing(issued) == {(Status.REVOKED, AtBody.REVOKED)}


def test_it_is_filed_when_the_citizen_was_told(issued: Application, officer: User) -> None:
    case = status.changed(issued, officer, "revoke")
    with pytest.raises(errors.NotToldError):
        filings.file(case, by=officer)
    status_requests.tell(case, "letter", by=officer)
    record = status.record_of(filings.file(case, by=officer))
    assert (record.kind, record.state) == ("status", "performed")
    assert [(file.kind, file.copy) for file in record.files.all()] == [("status", 1)]


@pytest.mark.parametrize(("change", "anchor"), [("suspend", "expiry"), ("revoke", "revocation")])
def test_it_is_kept_as_long_as_the_certificate_is_answered_for(
    issued: Application, officer: User, change: str, anchor: str
) -> None:
    record = status.record_of(status.finished(issued, officer, change))
    about = status.record_of(issued)
    about.refresh_from_db()
    assert (record.retention_anchor, record.retained_until) == (anchor, about.retained_until)


def test_a_second_case_waits_for_the_first(issued: Application, officer: User) -> None:
    status.opened(issued, officer, "suspend")
    with pytest.raises(errors.OpenCaseError):
        status.opened(issued, officer, "revoke")


def test_told_once(issued: Application, officer: User) -> None:
    case = status.changed(issued, officer, "revoke")
    status_requests.tell(case, "phone", by=officer)
    with pytest.raises(errors.NotNowError):
        status_requests.tell(case, "phone", by=officer)


def test_both_histories_say_what_happened(issued: Application, officer: User) -> None:
    case = status.finished(issued, officer, "suspend")
    told = [history.sentence(each, history.kinds(case)) for each in history.of_case(case)]
    assert told[-4:] == [
        "Change of the status decided, the certification body is asked",
        "The certification body confirmed the change of the status",
        "The citizen was told of the change",
        "Case filed",
    ]
    of_issued = list(history.of_case(issued))
    last = {history.sentence(each, history.kinds(issued)) for each in of_issued[-2:]}
    assert last == {"Certificate suspended: signing", "Certificate suspended: authentication"}


def test_the_paper_says_what_is_asked_for(issued: Application, officer: User) -> None:
    case = status.signed(issued, officer, "suspend")
    pdf = store.get(case.papers.get().sha256)
    said = status.text_of(pdf)
    assert all(serial in said for serial in case.serials)
    assert "лична карта је нестала" in said

"""Certificates of a body on EJBCA: issued, waited for, refused, revoked where they are not used."""

import json
import runpy
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from archive.services import inspection
from registration.models import Application, BodyMessage, Certificate, Desk, StatusRequest, User
from registration.services import (
    filings,
    issuances,
    resumptions,
    revocations,
    status_requests,
    sweeps,
)
from registration.services.answers import Then
from tests.ca.ejbca import stub
from tests.ca.ejbca.stub import RefusedError, Stub
from tests.registration import behind_ejbca, making, status
from tests.registration.behind_ejbca import Asked, asked, body, wire

__all__ = ["asked", "body", "wire"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_certificate")]


def test_a_certificate_is_issued_once_and_handed_over(asked: Asked, officer: User) -> None:
    assert asked.enrol()
    assert not asked.enrol()
    case = asked.finish()
    assert asked.now().acceptance == "told"
    assert making.hand_over(case, officer).state == "issued"
    asked.one_live()
    assert asked.body.verbs() == ["pkcs10enroll"]


def test_what_went_over_the_line_is_kept_without_the_password(asked: Asked) -> None:
    asked.enrol()
    kept = BodyMessage.objects.get(issuance=asked.issuance)
    assert kept.kind == "pkcs10enroll"
    head, _, body = kept.sent.partition(b"\n")
    assert head == b"POST /v1/certificate/pkcs10enroll"
    assert json.loads(body)["password"] == "(not kept)"
    finds = runpy.run_path(str(inspection.VERIFIER))["holds"]
    request = x509.load_pem_x509_csr(asked.now().request.encode())
    certificate = x509.load_pem_x509_certificate(Certificate.objects.get().pem.encode())
    assert finds(kept.sent, request.public_bytes(Encoding.DER))
    der = certificate.public_bytes(Encoding.DER)
    assert finds(kept.received, der)
    assert not finds(kept.sent, der)


def test_both_certificates_of_a_card_are_issued(
    officer: User, desk: Desk, body: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.OVERA, "ROLES", ["signing", "authentication"])
    making.prove(making.started(officer, desk))
    assert body.states() == ["valid", "valid"]
    assert len(body.entities) == 2


def test_what_somebody_there_approves_is_waited_for(asked: Asked) -> None:
    asked.body.approvals = "asked"
    assert not asked.enrol()
    assert asked.now().progress == {"stage": "waiting-approval", "check_after": 60}
    assert list(sweeps.sweep(timezone.now() + timedelta(seconds=59))) == []
    for minutes in range(2, 10):
        due = sweeps.sweep(timezone.now() + timedelta(minutes=minutes))
        assert [each.then for each in due] == [Then.ENROL]
        assert not asked.enrol()
    asked.body.requests[1].state = "approved"
    assert asked.enrol()
    asked.finish()
    asked.one_live()


def test_what_is_not_approved_there_is_given_up(asked: Asked, officer: User) -> None:
    asked.body.approvals = "asked"
    asked.enrol()
    asked.body.requests[1].state = "has been rejected"
    assert not asked.enrol()
    assert asked.now().failure_facts == {"reason": "approval-refused"}
    asked.give_up(officer)
    assert asked.stands()[0] == "abandoned"
    assert asked.body.states() == []


def test_a_lost_answer_to_the_question_after_approval_is_asked_for_again(asked: Asked) -> None:
    asked.body.approvals = "asked"
    asked.enrol()
    asked.body.requests[1].state = "approved"
    behind_ejbca.lose_the_next(asked.body)
    assert not asked.enrol()
    assert asked.stands() == ("waiting_ca", "")
    assert asked.enrol()
    asked.finish()
    asked.one_live()


def overseen(asked: Asked, client: Client) -> str:
    """Return the issuance's page as the manager reads it."""
    client.force_login(User.objects.get(username="manager"))
    page = client.get(reverse("admin:registration_issuance_change", args=[asked.issuance.pk]))
    return " ".join(page.content.decode().split())


def test_a_refusal_issued_nothing(asked: Asked, officer: User, client: Client) -> None:
    settings.OVERA["CA"]["CERTIFICATE_PROFILE"] = "X"
    assert not asked.enrol()
    assert asked.stands() == ("interrupted", "ca-refused")
    assert asked.now().failure_facts == {"reason": "certificate-profile-not-known"}
    assert "Compare OVERA_CA_CERTIFICATE_PROFILE with the names there." in overseen(asked, client)
    settings.OVERA["CA"]["CERTIFICATE_PROFILE"] = f"{stub.CERTIFICATE_PROFILE}{{profile}}"
    asked.go_on(officer)
    assert asked.enrol()
    asked.finish()
    asked.one_live()


def test_what_an_offline_ca_did_not_issue_goes_on_by_itself(asked: Asked) -> None:
    def offline(path: str) -> None:
        if path.endswith("/pkcs10enroll"):
            raise RefusedError(503, "CA is offline")

    asked.body.before = offline
    assert not asked.enrol()
    assert asked.stands() == ("interrupted", "ca-unreachable")
    asked.body.before = None
    moment = timezone.now() + timedelta(seconds=11)
    assert resumptions.go_on(moment) == [asked.issuance.pk]
    assert asked.enrol()
    asked.finish()
    asked.one_live()


class TestUnused:
    def test_what_could_not_be_written_is_revoked(self, asked: Asked, officer: User) -> None:
        asked.enrol()
        making.interrupt(asked.now(), "no-space")
        asked.give_up(officer)
        assert asked.body.states() == ["revoked"]
        assert Certificate.objects.get().revocation_reason == "cessationOfOperation"

    def test_what_is_recalled_is_revoked(self, asked: Asked, officer: User) -> None:
        asked.enrol()
        revocations.recall(asked.finish(), "pogrešno ime", by=officer)
        assert asked.body.states() == ["revoked"]
        assert Certificate.objects.get().revoked_at

    def test_another_certificate_than_asked_for_is_revoked_at_once(self, asked: Asked) -> None:
        settings.OVERA["CA"]["CERTIFICATE_PROFILE"] = (
            f"{stub.CERTIFICATE_PROFILE}strict-authentication"
        )
        assert not asked.enrol()
        assert asked.stands() == ("interrupted", "certificate-rejected")
        assert asked.body.states() == ["revoked"]
        assert Certificate.objects.count() == 0

    def test_one_that_was_revoked_there_is_not_written(self, asked: Asked, officer: User) -> None:
        asked.enrol()
        serial = int(Certificate.objects.get().serial, 16)
        asked.body.body.revoke(serial, "superseded", timezone.now())
        assert issuances.command(str(asked.issuance.pk)) is None
        assert asked.stands() == ("interrupted", "certificate-not-valid")
        asked.give_up(officer)
        assert asked.body.states() == ["revoked"]


class TestStatus:
    @pytest.fixture
    def issued(self, asked: Asked, officer: User) -> Application:
        asked.enrol()
        return filings.file(making.hand_over(asked.finish(), officer), by=officer)

    def test_suspended_reactivated_and_revoked(
        self, issued: Application, officer: User, body: Stub
    ) -> None:
        ways = {"suspend": "suspended", "reactivate": "valid", "revoke": "revoked"}
        for change, state in ways.items():
            status.finished(issued, officer, change)
            assert body.states() == [state]
        assert Certificate.objects.get().status == "revoked"

    def test_a_change_whose_answer_is_lost_is_asked_for_again(
        self, issued: Application, officer: User, body: Stub
    ) -> None:
        row = status.decided(issued, officer, "suspend")
        body.change = behind_ejbca.lost
        assert not status_requests.perform(row.pk)
        assert StatusRequest.objects.get().failure_code == "ca-unreachable"
        body.change = None
        assert status_requests.perform(row.pk)
        assert (body.states(), Certificate.objects.get().status) == (["suspended"], "suspended")

    def test_what_somebody_else_revoked_is_found_out(
        self, issued: Application, officer: User, body: Stub
    ) -> None:
        row = status.decided(issued, officer, "suspend")
        serial = int(Certificate.objects.get().serial, 16)
        body.body.revoke(serial, "keyCompromise", timezone.now())
        assert not status_requests.perform(row.pk)
        assert StatusRequest.objects.get().failure_code == "stands-otherwise"
        assert Certificate.objects.get().revocation_reason == "keyCompromise"

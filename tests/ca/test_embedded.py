"""The embedded body: one certificate for each request, and a true list of the revoked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from registration import ca
from registration.ca import base, subject, validity
from registration.ca.embedded.authority import EmbeddedCA
from registration.ca.errors import CARefusedError, CAUnreachableError
from tests.ca.cards import NOW, Card


def issue(body: EmbeddedCA, card: Card, **wishes: Any) -> x509.Certificate:
    return x509.load_der_x509_certificate(body.enrol(card.request(**wishes)).certificate)


def test_the_same_request_gets_the_same_certificate(body: EmbeddedCA, card: Card) -> None:
    first = body.enrol(card.request())
    assert body.enrol(card.request()) == first  # signed anew by the card, same key
    assert body.lookup("case-1") == first
    assert body.lookup("case-2") is None


def test_two_cases_get_two_certificates(body: EmbeddedCA, card: Card) -> None:
    assert issue(body, card).serial_number != issue(body, card, key="case-2").serial_number


@pytest.mark.parametrize(
    "another",
    [
        lambda card: card.request(email="petar@example.rs"),
        lambda card: replace(card.request(), csr=Card().csr()),
    ],
)
def test_a_key_serves_one_request_only(
    body: EmbeddedCA, card: Card, another: Callable[[Card], base.EnrolmentRequest]
) -> None:
    body.enrol(card.request())
    with pytest.raises(CARefusedError) as refusal:
        body.enrol(another(card))
    assert refusal.value.reason == "key-of-another-request"


def test_a_request_that_names_somebody_else_is_refused(body: EmbeddedCA, card: Card) -> None:
    other = subject.build("Ана", "Анић", "0101990610070", "001234567")
    with pytest.raises(CARefusedError) as refusal:
        body.enrol(replace(card.request(), subject=other))
    assert (refusal.value.reason, refusal.value.retryable) == (
        "request-names-another-subject",
        False,
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"profile": "no-such"}, "profile-not-known"),
        ({"csr": b"no request"}, "request-malformed"),
        ({"email": "петар@пример.срб"}, "email-not-ascii"),
        ({"not_after": NOW}, "nothing-left-of-validity"),
    ],
)
def test_what_cannot_be_issued_is_refused_with_its_reason(
    body: EmbeddedCA, card: Card, change: dict[str, Any], reason: str
) -> None:
    with pytest.raises(CARefusedError) as refusal:
        body.enrol(replace(card.request(), **change))
    assert refusal.value.reason == reason
    assert body.lookup("case-1") is None


def test_a_curve_outside_the_profile_is_refused(body: EmbeddedCA) -> None:
    with pytest.raises(CARefusedError) as refusal:
        body.enrol(Card(key=ec.generate_private_key(ec.SECP521R1())).request())
    assert refusal.value.reason == "key-kind-not-in-profile"


def test_a_certificate_lives_five_years(body: EmbeddedCA, card: Card) -> None:
    certificate = issue(body, card)
    assert certificate.not_valid_before_utc == NOW
    assert certificate.not_valid_after_utc == datetime(2035, 3, 1, 9, 29, 59, tzinfo=UTC)


def test_a_certificate_never_outlives_the_identity_card(body: EmbeddedCA, card: Card) -> None:
    expiry = validity.end_of(NOW.date().replace(year=2032, month=7))
    certificate = issue(body, card, not_after=expiry)
    assert certificate.not_valid_after_utc == datetime(2032, 7, 1, 21, 59, 59, tzinfo=UTC)


def test_a_leap_day_ends_on_the_28th() -> None:
    start = datetime(2028, 2, 29, tzinfo=UTC)
    assert validity.after_years(start, 5) == datetime(2033, 2, 27, 23, 59, 59, tzinfo=UTC)


def test_the_settings_choose_body_and_years(tmp_path: Path, card: Card) -> None:
    settings = {"CA": {"CONNECTOR": "embedded", "FOLDER": tmp_path}, "VALIDITY_YEARS": 2}
    enrolled = ca.connect(settings).enrol(card.request())
    certificate = x509.load_der_x509_certificate(enrolled.certificate)
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    assert end == validity.after_years(start, 2)
    with pytest.raises(CARefusedError):
        ca.connect({"CONNECTOR": "no-such"})


def test_serial_numbers_are_long_and_positive(body: EmbeddedCA, card: Card) -> None:
    serials = [issue(body, card, key=f"case-{n}").serial_number for n in range(20)]
    assert len(set(serials)) == 20
    assert all(64 < serial.bit_length() < 160 for serial in serials)


def test_it_says_that_it_is_for_development(body: EmbeddedCA) -> None:
    issuing, root = (x509.load_der_x509_certificate(part) for part in body.chain())
    assert issuing.subject.rfc4514_string() == (
        "CN=Overa RAZVOJ (nije za upotrebu) Issuing CA,O=Overa RAZVOJ (nije za upotrebu),C=RS"
    )
    assert issuing.issuer == root.subject == root.issuer


def test_keys_and_ledger_are_for_their_owner_alone(body: EmbeddedCA, card: Card) -> None:
    body.enrol(card.request())
    folder = body.folder
    modes = {path.stat().st_mode & 0o077 for path in folder.rglob("*") if path.name != "authority"}
    assert modes == {0}
    assert (folder / "authority").stat().st_mode & 0o077 == 0
    assert b"ENCRYPTED" in (folder / "authority" / "issuing.key").read_bytes()


def test_a_second_process_finds_the_same_authority(body: EmbeddedCA, card: Card) -> None:
    chain = body.chain()
    again = EmbeddedCA(body.folder, clock=lambda: NOW)
    assert again.chain() == chain
    assert again.enrol(card.request()) == body.enrol(card.request())


class TestStatus:
    def test_revoked_once_and_for_all(self, body: EmbeddedCA, card: Card) -> None:
        serial = issue(body, card).serial_number
        assert body.status(serial) == base.Status(base.State.VALID)
        revoked = body.revoke(serial, "superseded", NOW)
        assert revoked == base.Status(base.State.REVOKED, "superseded", NOW)
        later = NOW + timedelta(days=1)
        assert body.revoke(serial, "keyCompromise", later) == revoked
        assert body.status(serial) == revoked

    def test_suspended_reactivated_revoked(self, body: EmbeddedCA, card: Card) -> None:
        serial = issue(body, card).serial_number
        assert body.revoke(serial, "certificateHold", NOW).state == base.State.SUSPENDED
        assert body.revoke(serial, "certificateHold", NOW).state == base.State.SUSPENDED
        assert body.revoke(serial, "removeFromCRL", NOW).state == base.State.VALID
        assert body.revoke(serial, "cessationOfOperation", NOW).state == base.State.REVOKED

    def test_only_the_suspended_can_be_reactivated(self, body: EmbeddedCA, card: Card) -> None:
        serial = issue(body, card).serial_number
        with pytest.raises(CARefusedError) as refusal:
            body.revoke(serial, "removeFromCRL", NOW)
        assert refusal.value.reason == "certificate-not-suspended"

    def test_a_reason_nobody_knows_is_refused(self, body: EmbeddedCA, card: Card) -> None:
        with pytest.raises(CARefusedError) as refusal:
            body.revoke(issue(body, card).serial_number, "bored", NOW)
        assert refusal.value.reason == "reason-not-known"

    def test_a_stranger_is_unknown_never_valid(self, body: EmbeddedCA) -> None:
        assert body.status(4711).state == base.State.UNKNOWN
        with pytest.raises(CARefusedError) as refusal:
            body.revoke(4711, "superseded", NOW)
        assert refusal.value.reason == "certificate-not-known"


class TestRevocationList:
    def test_it_lists_the_suspended_and_the_revoked(self, body: EmbeddedCA, card: Card) -> None:
        changes = ["superseded", "certificateHold", "unspecified", None]
        serials = [issue(body, card, key=f"case-{n}").serial_number for n in range(len(changes))]
        for serial, reason in zip(serials, changes, strict=True):
            if reason:
                body.revoke(serial, reason, NOW)
        crl = x509.load_der_x509_crl(body.crl())
        listed = {
            entry.serial_number: [extension.value.reason.value for extension in entry.extensions]
            for entry in crl
        }
        assert listed == dict(
            zip(serials[:3], [["superseded"], ["certificateHold"], []], strict=True)
        )
        issuing = x509.load_der_x509_certificate(body.chain()[0])
        assert crl.is_signature_valid(issuing.public_key())
        assert crl.issuer == issuing.subject

    def test_a_new_number_only_when_something_changed(self, body: EmbeddedCA, card: Card) -> None:
        serial = issue(body, card).serial_number
        first = body.crl()
        assert body.crl() == first
        body.revoke(serial, "superseded", NOW)
        assert [number(first), number(body.crl()), number(body.crl())] == [1, 2, 2]

    def test_an_old_list_is_renewed(self, body: EmbeddedCA) -> None:
        first = body.crl()
        tomorrow = EmbeddedCA(body.folder, clock=lambda: NOW + timedelta(hours=13))
        assert [number(first), number(tomorrow.crl())] == [1, 2]

    def test_the_reactivated_leaves_the_list(self, body: EmbeddedCA, card: Card) -> None:
        serial = issue(body, card).serial_number
        body.revoke(serial, "certificateHold", NOW)
        assert [entry.serial_number for entry in x509.load_der_x509_crl(body.crl())] == [serial]
        body.revoke(serial, "removeFromCRL", NOW)
        assert list(x509.load_der_x509_crl(body.crl())) == []


def number(crl: bytes) -> int:
    parsed = x509.load_der_x509_crl(crl)
    return parsed.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number


class TestHealth:
    def test_a_body_that_can_sign_is_healthy(self, body: EmbeddedCA) -> None:
        assert body.health() == base.Health(ok=True, detail="", at=NOW)

    def test_a_lost_key_is_noticed(self, body: EmbeddedCA) -> None:
        body.chain()
        (body.folder / "authority" / "issuing.key").unlink()
        again = EmbeddedCA(body.folder, clock=lambda: NOW)
        assert again.health() == base.Health(ok=False, detail="FileNotFoundError", at=NOW)
        with pytest.raises(CAUnreachableError) as failure:
            again.enrol(Card().request())
        assert failure.value.retryable

    def test_a_ledger_that_cannot_be_written_is_noticed(self, body: EmbeddedCA) -> None:
        assert body.health().ok
        (body.folder / "ledger" / "entries").rmdir()
        assert body.health() == base.Health(ok=False, detail="FileNotFoundError", at=NOW)

    def test_an_expired_issuing_ca_is_noticed(self, body: EmbeddedCA) -> None:
        far = NOW.replace(year=2099)
        health = EmbeddedCA(body.folder, clock=lambda: far).health()
        assert health == base.Health(ok=False, detail="issuing-ca-expired", at=far)


def test_the_signature_is_the_issuing_ca_s(body: EmbeddedCA, card: Card) -> None:
    certificate = issue(body, card)
    issuing = x509.load_der_x509_certificate(body.chain()[0])
    issuing.public_key().verify(
        certificate.signature, certificate.tbs_certificate_bytes, ec.ECDSA(hashes.SHA384())
    )
    assert certificate.public_key() == card.key.public_key()


def test_a_folder_that_cannot_be_made_is_unreachable(tmp_path: Path, card: Card) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CAUnreachableError):
        EmbeddedCA(tmp_path / "file").enrol(card.request())

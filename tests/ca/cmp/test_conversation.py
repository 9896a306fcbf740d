"""The conversation about one certificate, with OpenSSL's own CMP server at the other end."""

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509

from registration.ca import subject
from registration.ca.base import Enrolled, Health, Pending, Phase, State, Status, Transaction
from registration.ca.cmp import structures
from registration.ca.errors import CARefusedError, CAUnreachableError
from tests.ca.cards import Card
from tests.ca.cmp.conftest import Ready, Serving, enrolled, now

EMAIL = "petar@example.rs"


def kinds(messages: list[bytes]) -> list[str]:
    return [structures.Message.load(each)["body"].name for each in messages]


def test_a_certificate_is_granted_then_confirmed(serving: Serving, ready: Ready) -> None:
    with serving() as (body, way):
        granted = enrolled(body, ready)
        assert granted.certificate == ready.certificate
        assert granted.transaction.phase == Phase.GRANTED
        body.confirm(granted.transaction, granted.certificate)
    assert kinds(way.asked) == ["p10cr", "certconf"]
    assert kinds(way.answered) == ["cp", "pkiconf"]


def test_what_is_kept_in_the_journal_is_enough_to_go_on(serving: Serving, ready: Ready) -> None:
    with serving() as (body, way):
        kept = enrolled(body, ready).transaction.to_json()
        ready.connect(way).confirm(Transaction.from_json(kept), ready.certificate)


def test_what_could_not_be_written_is_rejected(
    serving: Serving, ready: Ready, tmp_path: Path
) -> None:
    with serving() as (body, _way):
        body.reject(enrolled(body, ready).transaction, ready.certificate)
    said = (tmp_path / "server.log").read_text()
    assert said.count("certificate rejected by client with PKIStatus: rejection") == 1


def test_a_confirmation_of_other_bytes_is_not_taken(serving: Serving, ready: Ready) -> None:
    with serving() as (body, _way):
        granted = enrolled(body, ready)
        other = body.chain()[0]
        with pytest.raises(CARefusedError):
            body.confirm(granted.transaction, other)


def test_a_server_closes_what_was_confirmed(serving: Serving, ready: Ready) -> None:
    with serving() as (body, _way):
        granted = enrolled(body, ready)
        body.confirm(granted.transaction, granted.certificate)
        with pytest.raises(CARefusedError) as refusal:
            body.reject(granted.transaction, granted.certificate)
    assert refusal.value.reason == "bad-request"


def test_a_request_that_waits_for_approval_is_polled(serving: Serving, ready: Ready) -> None:
    with serving("-poll_count", "2", "-check_after", "7") as (body, way):
        first = body.enrol(ready.request, body.begin("case-1"))
        assert isinstance(first, Pending)
        second = body.enrol(ready.request, first.transaction)
        assert isinstance(second, Pending)
        assert (first.check_after, second.check_after) == (0, 7)
        kept = Transaction.from_json(second.transaction.to_json())
        third = body.enrol(ready.request, kept)
        assert isinstance(third, Enrolled)
        body.confirm(third.transaction, third.certificate)
    assert kinds(way.asked) == ["p10cr", "pollreq", "pollreq", "certconf"]


def test_suspended_released_revoked(serving: Serving, ready: Ready) -> None:
    serial = x509.load_der_x509_certificate(ready.certificate).serial_number
    with serving() as (body, way):
        at = now()
        assert body.revoke(serial, "certificateHold", at) == Status(
            State.SUSPENDED, "certificateHold", at
        )
        assert body.revoke(serial, "removeFromCRL", at) == Status(State.VALID, "removeFromCRL", at)
        assert body.revoke(serial, "superseded", at) == Status(State.REVOKED, "superseded", at)
    reasons = [
        structures.Message.load(each)["body"].chosen[0]["entry"][0]["extn_value"].native
        for each in way.asked
    ]
    assert reasons == ["certificate_hold", "remove_from_crl", "superseded"]


def test_who_was_revoked_before_is_revoked(serving: Serving, ready: Ready) -> None:
    serial = x509.load_der_x509_certificate(ready.certificate).serial_number
    with serving("-pkistatus", "2", "-failure", "10") as (body, _way):
        assert body.revoke(serial, "superseded", now()) == Status(State.REVOKED)
        with pytest.raises(CARefusedError) as refusal:
            body.revoke(serial, "removeFromCRL", now())
    assert refusal.value.reason == "certificate-revoked"


def test_a_stranger_and_an_unknown_reason_are_refused(serving: Serving, ready: Ready) -> None:
    with serving() as (body, way):
        with pytest.raises(CARefusedError) as stranger:
            body.revoke(4711, "superseded", now())
        with pytest.raises(CARefusedError) as bored:
            body.revoke(4711, "bored", now())
    assert (stranger.value.reason, bored.value.reason) == ("bad-request", "reason-not-known")
    assert kinds(way.asked) == ["rr"]


@pytest.mark.parametrize(
    ("failure", "reason", "error"),
    [
        ("9", "bad-proof-of-possession", CARefusedError),
        ("23", "not-authorized", CARefusedError),
        ("24", "system-unavailable", CAUnreachableError),
    ],
)
@pytest.mark.parametrize("way_of_saying", ["-send_error", ""])
def test_a_refusal_says_whether_a_retry_can_help(
    serving: Serving,
    ready: Ready,
    failure: str,
    reason: str,
    error: type[CARefusedError | CAUnreachableError],
    way_of_saying: str,
) -> None:
    said = [way_of_saying] if way_of_saying else []
    with serving("-pkistatus", "2", "-failure", failure, *said) as (body, _way):
        if way_of_saying:
            reason = "bad-request"  # OpenSSL puts no bit of ours into it
            error = CARefusedError
        with pytest.raises(error) as refusal:
            body.enrol(ready.request, body.begin("case-1"))
    assert refusal.value.reason == reason
    assert refusal.value.retryable == (error is CAUnreachableError)


@pytest.mark.parametrize(("carried", "approved"), [(None, EMAIL), (EMAIL, None)])
def test_a_request_with_another_email_than_approved_is_not_sent(
    serving: Serving, carried: str | None, approved: str | None
) -> None:
    request = replace(Card().request(email=carried), email=approved)
    with serving() as (body, way):
        with pytest.raises(CARefusedError) as refusal:
            body.enrol(request, body.begin("case-1"))
        assert refusal.value.reason == "request-names-another-email"
    assert way.asked == []


def test_the_email_travels_in_the_request(serving: Serving) -> None:
    with serving() as (body, way):
        body.enrol(Card().request(email=EMAIL), body.begin("case-1"))
    sent = structures.Message.load(way.asked[0])["body"].chosen.untag().dump()
    assert subject.addresses(x509.load_der_x509_csr(sent).extensions) == (EMAIL,)


def test_each_question_has_a_nonce_of_its_own_each_certificate_a_transaction(
    serving: Serving, ready: Ready
) -> None:
    with serving() as (body, way):
        for _ in range(2):
            granted = enrolled(body, ready)
            body.confirm(granted.transaction, granted.certificate)
    headers = [structures.Message.load(each)["header"].native for each in way.asked]
    assert len({each["sender_nonce"] for each in headers}) == 4
    assert [headers.index(each) for each in headers] == [0, 1, 2, 3]
    transactions = [each["transaction_id"] for each in headers]
    assert transactions[0] == transactions[1] != transactions[2] == transactions[3]


class TestHealth:
    def test_a_body_that_knows_us_is_healthy(self, serving: Serving) -> None:
        with serving() as (body, way):
            health = body.health()
            assert health == Health(ok=True, detail="", at=health.at)
        assert kinds(way.asked) == ["genm"]

    def test_a_body_that_serves_no_such_question_is_healthy(self, serving: Serving) -> None:
        with serving("-send_error") as (body, _way):
            assert body.health().ok

    def test_another_secret_is_noticed(self, serving: Serving, tmp_path: Path) -> None:
        (tmp_path / "other").write_text("another secret, just as long")
        with serving(SECRET_FILE=tmp_path / "other") as (body, _way):
            assert (body.health().ok, body.health().detail) == (False, "protection-wrong")

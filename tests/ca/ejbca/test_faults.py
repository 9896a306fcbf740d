"""Every answer that is no success: refused, passing, or open what was done."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from registration.ca.base import Phase
from registration.ca.ejbca.authority import EjbcaCA
from registration.ca.errors import AnswerLostError, CAError, CARefusedError, CAUnreachableError
from tests.ca.cards import Card
from tests.ca.ejbca.conftest import Place, enrolled, serial
from tests.ca.ejbca.stub import TYPE, LostError, RefusedError, Reply

HTML = Reply(200, b"<html>", "text/html")


def told(status: int, message: str = "General failure.") -> Reply:
    return Reply(status, {"error_code": status, "error_message": message})


@pytest.mark.parametrize(
    ("reply", "error", "reason"),
    [
        (told(400, "Subject DN field 'X' must exist."), CARefusedError, "http-400"),
        (told(400, 'CA with name "X" doesn\'t exist'), CARefusedError, "ca-not-known"),
        (
            told(400, 'Certificate profile with name "X" doesn\'t exist'),
            CARefusedError,
            "certificate-profile-not-known",
        ),
        (
            told(404, 'End Entity Profile of name "X" was not found'),
            CARefusedError,
            "end-entity-profile-not-known",
        ),
        (told(400, "CA OveraSub is offline."), CAUnreachableError, "ca-offline"),
        (
            told(403, "Error no client certificate or OAuth token received for authentication."),
            CARefusedError,
            "client-certificate-missing",
        ),
        (
            told(403, "Administrator is not authorized to resource /ca/1."),
            CARefusedError,
            "not-authorized",
        ),
        (told(404), CARefusedError, "not-found-there"),
        (told(409), CARefusedError, "conflict-there"),
        (told(413), CARefusedError, "request-too-long"),
        (told(422, "Wrong algorithm"), CARefusedError, "profile-violated"),
        (told(500), AnswerLostError, "http-500"),
        (told(503, "Device was unavailable."), CAUnreachableError, "ca-offline"),
        (Reply(302, b"", "text/html"), CARefusedError, "http-302"),
        (Reply(403, b"<html>", "text/html"), CARefusedError, "http-403"),
        (Reply(404, b"<html>", "text/html"), CARefusedError, "http-404"),
        (Reply(413, b"<html>", "text/html"), CARefusedError, "http-413"),
        (Reply(422, b"[]"), CARefusedError, "http-422"),
        (Reply(502, b"<html>", "text/html"), AnswerLostError, "http-502"),
        (Reply(503, b"<html>", "text/html"), AnswerLostError, "http-503"),
        (Reply(503, {"status": "no"}), AnswerLostError, "http-503"),
        (HTML, AnswerLostError, "answer-is-no-json"),
        (Reply(201, b"{"), AnswerLostError, "answer-malformed"),
        (Reply(201, b"[" * 100_000), AnswerLostError, "answer-malformed"),
        (Reply(201, b"\xff"), AnswerLostError, "answer-malformed"),
        (Reply(201, []), AnswerLostError, "answer-malformed"),
        (Reply(201, b" " * 1_000_001), AnswerLostError, "answer-too-long"),
        (Reply(201, {}), AnswerLostError, "no-certificate-in-answer"),
        (Reply(201, {"certificate": ["x"]}), AnswerLostError, "no-certificate-in-answer"),
        (Reply(201, {"certificate": "MA=="}), AnswerLostError, "certificate-malformed"),
        (Reply(201, {"certificate": "Vm0wd2QyUXlVWGw9"}), AnswerLostError, "certificate-malformed"),
        (Reply(202, {"status_code": 202}), AnswerLostError, "no-request-id"),
        (Reply(202, {"link": "https://x/v1/y/finalize"}), AnswerLostError, "no-request-id"),
    ],
)
def test_an_answer_ends_as_the_right_error(
    place: Place, ejbca: EjbcaCA, reply: Reply, error: type[CAError], reason: str
) -> None:
    place.stub.change = lambda _: reply
    with pytest.raises(error) as fault:
        enrolled(ejbca, Card().request())
    assert fault.value.reason == reason
    assert fault.value.retryable == (error is CAUnreachableError)


def test_what_a_message_says_of_a_person_is_kept_nowhere(place: Place, ejbca: EjbcaCA) -> None:
    place.stub.change = lambda _: told(400, "User Петар Петровић, PNORS-0101990610020, exists")
    with pytest.raises(CARefusedError) as fault:
        enrolled(ejbca, Card().request())
    assert fault.value.facts == {"reason": "http-400"}
    assert "0101990610020" not in str(fault.value)


def test_names_that_ejbca_does_not_have_are_told(place: Place) -> None:
    for change, reason in (
        ({"AUTHORITY": "X"}, "ca-not-known"),
        ({"CERTIFICATE_PROFILE": "X"}, "certificate-profile-not-known"),
        ({"END_ENTITY_PROFILE": "X"}, "end-entity-profile-not-known"),
    ):
        with pytest.raises(CARefusedError) as fault:
            enrolled(place.connect(**change), Card().request())
        assert fault.value.reason == reason
    assert place.stub.states() == []


def test_approvals_as_published_leave_nothing_issued(place: Place, ejbca: EjbcaCA) -> None:
    place.stub.approvals = "refused"
    with pytest.raises(CARefusedError) as fault:
        enrolled(ejbca, Card().request())
    assert fault.value.reason == "approvals-enabled"
    assert place.stub.states() == []


def lost(_reply: Reply) -> Reply:
    raise LostError


def slow(reply: Reply) -> Reply:
    time.sleep(1)
    return reply


@pytest.mark.parametrize(("change", "reason"), [(lost, "RemoteDisconnected"), (slow, "timed-out")])
def test_an_answer_that_does_not_come_leaves_open_what_was_issued(
    place: Place, change: Callable[[Reply], Reply], reason: str
) -> None:
    place.stub.change = change
    started = time.monotonic()
    with pytest.raises(AnswerLostError) as fault:
        enrolled(place.connect(PATIENCE="0.3"), Card().request())
    assert fault.value.reason == reason
    assert time.monotonic() - started < 0.9
    assert place.stub.states() == ["valid"]


def test_an_answer_that_drips_is_lost_in_time(place: Place) -> None:
    place.stub.drips = 0.05
    started = time.monotonic()
    with pytest.raises(AnswerLostError) as fault:
        enrolled(place.connect(PATIENCE="0.3"), Card().request())
    assert fault.value.reason == "timed-out"
    assert time.monotonic() - started < 0.9


def test_a_cut_answer_is_not_taken_for_a_whole_one(place: Place, ejbca: EjbcaCA) -> None:
    class Cut(bytes):
        def __len__(self) -> int:
            return super().__len__() + 10

    whole = json.dumps({"certificate": "MA=="}).encode()
    place.stub.change = lambda _: Reply(201, Cut(whole), TYPE)
    with pytest.raises(AnswerLostError) as fault:
        enrolled(ejbca, Card().request())
    assert fault.value.reason == "IncompleteRead"


def test_a_closed_door_lost_nothing(place: Place) -> None:
    with pytest.raises(CAUnreachableError) as fault:
        enrolled(place.connect(URL="https://127.0.0.1:1/ejbca/ejbca-rest-api"), Card().request())
    assert fault.value.reason == "ConnectionRefusedError"


@pytest.mark.parametrize("change", [lost, lambda _: HTML, lambda _: Reply(200, {"revoked": "no"})])
def test_what_may_be_repeated_is_only_put_off(
    place: Place, ejbca: EjbcaCA, change: Callable[[Reply], Reply]
) -> None:
    granted = enrolled(ejbca, Card().request())
    place.stub.change = change
    acts: list[Callable[[], Any]] = [
        lambda: ejbca.lookup("case-1"),
        lambda: ejbca.status(serial(granted)),
        lambda: ejbca.revoke(serial(granted), "superseded", datetime.now(UTC)),
        lambda: ejbca.reject(granted.transaction, None),
    ]
    for act in acts:
        with pytest.raises(CAUnreachableError):
            act()
    assert not ejbca.health().ok


def test_a_poll_whose_answer_is_lost_is_repeated(place: Place, ejbca: EjbcaCA) -> None:
    place.stub.approvals = "asked"
    waiting = ejbca.enrol(Card().request(), ejbca.begin("case-1")).transaction
    place.stub.requests[1].state = "approved"
    place.stub.change = lost
    with pytest.raises(CAUnreachableError):
        ejbca.enrol(Card().request(), waiting)
    place.stub.change = None
    found = ejbca.enrol(Card().request(), waiting)
    assert (found.transaction.phase, place.stub.states()) == (Phase.GRANTED, ["valid"])


def test_a_ca_that_is_offline_issues_later(place: Place, ejbca: EjbcaCA) -> None:
    def offline(_path: str) -> None:
        raise RefusedError(503, "CA is offline")

    place.stub.before = offline
    with pytest.raises(CAUnreachableError):
        enrolled(ejbca, Card().request())
    place.stub.before = None
    enrolled(ejbca, Card().request())
    assert place.stub.states() == ["valid"]


def test_who_is_not_let_in_asked_nothing(place: Place, ejbca: EjbcaCA) -> None:
    stranger = place.connect(**place.wire.settings(place.wire.stranger))
    with pytest.raises(CAUnreachableError) as fault:
        enrolled(stranger, Card().request())
    assert fault.value.reason == "client-certificate-refused"
    elsewhere = place.connect(URL=place.stub.url.replace("127.0.0.1", "localhost"))
    with pytest.raises(CAUnreachableError) as fault:
        enrolled(elsewhere, Card().request())
    assert fault.value.reason == "SSLCertVerificationError"
    assert place.stub.asked == []
    line = replace(ejbca.line, tls=replace(ejbca.line.tls, passphrase=b"tajna"))
    assert "tajna" not in repr(replace(ejbca, line=line))

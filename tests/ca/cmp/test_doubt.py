"""Answers that are not to be believed, and answers that never come: nothing moves on them."""

import time
from collections.abc import Callable

import pytest

from registration.ca.cmp import messages, structures
from registration.ca.cmp.messages import Question
from registration.ca.cmp.protection import Trust
from registration.ca.errors import AnswerLostError, CARefusedError, CAUnreachableError
from tests.ca.cmp import openssl
from tests.ca.cmp.conftest import Ready, Serving, enrolled, now
from tests.ca.cmp.peer import TYPE, LostError, Reply, Way


def field(name: str, value: object) -> Callable[[bytes], bytes]:
    """Change a field of the header; the protection stays as it was."""

    def change(answer: bytes) -> bytes:
        message = structures.Message.load(answer)
        message["header"][name] = value
        return message.dump(force=True)

    return change


def flipped(position: int) -> Callable[[bytes], bytes]:
    def change(answer: bytes) -> bytes:
        at = position % len(answer)
        return answer[:at] + bytes([answer[at] ^ 1]) + answer[at + 1 :]

    return change


def without_protection(answer: bytes) -> bytes:
    message = structures.Message.load(answer)
    bare = structures.Message({"header": message["header"], "body": message["body"]})
    return bare.dump()


def lost(_answer: bytes) -> bytes:
    raise LostError


def slow(answer: bytes) -> bytes:
    time.sleep(1)
    return answer


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (field("transaction_id", b"another"), "answer-of-another-transaction"),
        (field("recipient_nonce", b"another"), "answer-to-another-question"),
        (field("sender_nonce", b"another"), "protection-wrong"),
        (field("pvno", 1), "answer-of-other-version"),
        (flipped(-3), "protection-wrong"),
        (without_protection, "answer-not-protected"),
        (lambda answer: answer[:-1], "answer-malformed"),
        (lambda answer: answer + b"\0", "answer-malformed"),
        (lambda _: b"", "answer-malformed"),
        (lambda _: b"\x30\x80" * 50_000, "answer-malformed"),
        (lambda _: b"\0" * 1_000_001, "answer-too-long"),
        (lambda answer: Reply(answer, content_type="text/html"), "answer-is-no-cmp"),
        (lambda answer: Reply(answer, status=502), "http-502"),
        (lost, "RemoteDisconnected"),
    ],
)
def test_an_answer_in_doubt_leaves_open_what_was_issued(
    serving: Serving, ready: Ready, change: Callable[[bytes], bytes | Reply], reason: str
) -> None:
    with serving() as (body, way):
        way.change = change
        with pytest.raises(AnswerLostError) as doubt:
            body.enrol(ready.request, body.begin("case-1"))
    assert (doubt.value.reason, doubt.value.retryable) == (reason, False)


def test_no_changed_byte_of_an_answer_is_believed(serving: Serving, ready: Ready) -> None:
    with serving() as (body, way):
        enrolled(body, ready)
    asked, answer = structures.Message.load(way.asked[0])["header"].native, way.answered[0]
    question = Question("p10cr", None, asked["transaction_id"], b"", asked["sender_nonce"])
    trust = Trust(openssl.SECRET.encode(), hmac_sha1=True)
    assert messages.read(answer, question, trust, now()).kind == "cp"
    for position in range(len(answer)):
        with pytest.raises(AnswerLostError):
            messages.read(flipped(position)(answer), question, trust, now())


def test_an_old_answer_is_not_taken_for_a_new_one(serving: Serving, ready: Ready) -> None:
    with serving() as (body, way):
        enrolled(body, ready)
        first = way.answered[0]
        way.change = lambda _: first
        with pytest.raises(AnswerLostError) as doubt:
            body.enrol(ready.request, body.begin("case-1"))
    assert doubt.value.reason == "answer-of-another-transaction"


def test_our_own_question_is_no_answer(serving: Serving, ready: Ready) -> None:
    with serving() as (body, way):
        way.change = lambda _: way.asked[-1]
        with pytest.raises(AnswerLostError) as doubt:
            body.enrol(ready.request, body.begin("case-1"))
    assert doubt.value.reason == "answer-to-another-question"


def test_confirming_may_be_repeated_when_its_answer_is_lost(serving: Serving, ready: Ready) -> None:
    with serving() as (body, way):
        granted = enrolled(body, ready)
        way.change = lost
        with pytest.raises(CAUnreachableError) as fault:
            body.confirm(granted.transaction, granted.certificate)
        assert fault.value.retryable


def test_a_poll_whose_answer_is_lost_may_have_lost_a_certificate(
    serving: Serving, ready: Ready
) -> None:
    with serving("-poll_count", "1") as (body, way):
        pending = body.enrol(ready.request, body.begin("case-1")).transaction
        way.change = lost
        with pytest.raises(AnswerLostError):
            body.enrol(ready.request, pending)
        way.change = None
        with pytest.raises(CARefusedError):
            body.enrol(ready.request, pending)


def test_a_web_server_that_would_not_have_it_never_asked_the_body(
    serving: Serving, ready: Ready
) -> None:
    with serving() as (body, way):
        for status in (302, 404):
            way.change = lambda _, status=status: Reply(b"", status, TYPE)
            with pytest.raises(CARefusedError) as refusal:
                body.enrol(ready.request, body.begin("case-1"))
            assert refusal.value.reason == f"http-{status}"


def test_a_slow_answer_is_lost_in_time(serving: Serving, ready: Ready) -> None:
    with serving(PATIENCE="0.3") as (body, way):
        way.change = slow
        started = time.monotonic()
        with pytest.raises(AnswerLostError) as doubt:
            body.enrol(ready.request, body.begin("case-1"))
        assert doubt.value.reason == "timed-out"
        assert time.monotonic() - started < 0.9


def test_a_closed_door_is_told_from_a_lost_answer(ready: Ready) -> None:
    body = ready.connect(Way(ready.chain, url="http://127.0.0.1:1/"))
    with pytest.raises(CAUnreachableError) as fault:
        body.enrol(ready.request, body.begin("case-1"))
    assert (fault.value.reason, fault.value.retryable) == ("ConnectionRefusedError", True)
    assert body.health().detail == "ConnectionRefusedError"


def test_an_old_mac_is_taken_only_where_the_settings_say_so(serving: Serving, ready: Ready) -> None:
    with serving(ACCEPT_HMAC_SHA1="0") as (body, _way), pytest.raises(AnswerLostError) as doubt:
        body.enrol(ready.request, body.begin("case-1"))
    assert doubt.value.reason == "mac-algorithm-not-accepted"

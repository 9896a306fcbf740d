"""What the body's answers mean: granted, pending, refused with a reason of ours."""

from dataclasses import replace
from typing import Any

from asn1crypto import parser

from registration.ca.base import Enrolled, Pending, Phase, Transaction
from registration.ca.cmp import structures
from registration.ca.cmp.messages import Answer
from registration.ca.errors import AnswerLostError, CARefusedError, CAUnreachableError

REJECTION, _WAITING = 2, 3
_GRANTED = (0, 1)  # as asked, or with changes: our checks judge them
_REVOKED = (0, 1, 4, 5)  # also: a warning, or a note, that it will be or was revoked

_UNKNOWN = "rejected"  # it gave no reason, or one that nobody knows
UNSERVED = frozenset({_UNKNOWN, "bad-request", "bad-data-format", "unsupported-version"})
"""Reasons of a body that understood who asked, but not what."""

_PASSING = frozenset({"system-unavailable", "time-not-available"})


def raise_refusal(answer: Answer) -> None:
    """Raise what an error message says; `reason` is the name of its failure bit."""
    if answer.kind == "error":
        raise _refusal(answer.content["status"])


def require(answer: Answer, kind: str) -> None:
    if answer.kind != kind:
        raise AnswerLostError("answer-of-other-kind")


def granted(answer: Answer, transaction: Transaction) -> Enrolled | Pending:
    """Read the answer to p10cr or pollReq."""
    if answer.kind == "pollrep":
        return _pending(answer, transaction, _only(answer.content))
    require(answer, "cp")
    response = _only(answer.content["responses"])
    status = response["status"]["status"].native
    if status == _WAITING:
        return _pending(answer, transaction, response)
    if status == REJECTION:
        raise _refusal(response["status"])
    if status not in _GRANTED:
        raise AnswerLostError("status-not-understood")
    return Enrolled(_certificate(response), _went_on(answer, transaction, response, Phase.GRANTED))


def _only(told: Any) -> Any:
    if len(told) != 1:
        raise AnswerLostError("not-one-answer")
    return told[0]


def require_revoked(answer: Answer) -> None:
    """Read the answer to rr."""
    if answer.kind != "rp" or len(answer.content["status"]) != 1:
        raise CAUnreachableError("answer-of-other-kind")
    status = answer.content["status"][0]
    if status["status"].native == _WAITING:
        raise CAUnreachableError("revocation-waits-for-approval")
    if status["status"].native not in _REVOKED:
        raise _refusal(status)


def _pending(answer: Answer, transaction: Transaction, told: Any) -> Pending:
    """`told` is the first "waiting", which names no time, or the answer to a poll."""
    polled = isinstance(told, structures.Waiting)
    after = told["check_after"].native if polled else 0
    return Pending(_went_on(answer, transaction, told, Phase.PENDING), after)


def _went_on(answer: Answer, transaction: Transaction, told: Any, phase: Phase) -> Transaction:
    number = told["number"].native
    return replace(transaction, phase=phase, nonce=answer.nonce.hex(), number=number)


def _certificate(response: structures.CertificateResponse) -> bytes:
    pair = response["pair"]
    if not isinstance(pair, structures.CertifiedKeyPair):
        raise AnswerLostError("no-certificate-in-answer")
    if pair["certificate"].name != "certificate":
        raise AnswerLostError("certificate-encrypted")
    return bytes(parser.parse(pair["certificate"].chosen.dump())[4])  # without its tag


def _refusal(status: structures.StatusInfo) -> CARefusedError | CAUnreachableError:
    named = status["failure"].native or set()
    known = sorted(named & set(structures.FailureInfo._map.values()))  # noqa: SLF001 our table
    reason = known[0] if known else _UNKNOWN
    if reason in _PASSING:
        return CAUnreachableError(reason)
    return CARefusedError(reason)

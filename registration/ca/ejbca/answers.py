"""What EJBCA's answers mean: done, waiting for approval, refused with a reason of ours.

An error is JSON with `error_code` and `error_message`. Its status says whether a retry can help;
the message, which may name a person and is kept nowhere, only finds the advice. Of the errors that
EJBCA sends with 400, being offline alone passes by itself.
"""

import base64
import json
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from registration.ca import http
from registration.ca.base import Enrolled, Pending, Phase, State, Status, Transaction
from registration.ca.errors import AnswerLostError, CAError, CARefusedError, CAUnreachableError
from registration.ca.http import Reply

REASONS = {
    "unspecified": "UNSPECIFIED",
    "keyCompromise": "KEY_COMPROMISE",
    "affiliationChanged": "AFFILIATION_CHANGED",
    "superseded": "SUPERSEDED",
    "cessationOfOperation": "CESSATION_OF_OPERATION",
    "certificateHold": "CERTIFICATE_HOLD",
    "removeFromCRL": "REMOVE_FROM_CRL",
    "privilegeWithdrawn": "PRIVILEGES_WITHDRAWN",
}
CONFLICT, NOT_FOUND = "conflict-there", "not-found-there"
WAITING = 202
_OURS = {theirs: ours for ours, theirs in REASONS.items()}
_HOLD = "certificateHold"
_TYPE = "application/json"
_CHECK_AFTER = 60  # seconds; EJBCA names no time
_WRAPPINGS = 3  # a search wraps the certificate twice: base64 of base64
_FINALIZE = re.compile(r"/(\d+)/finalize$")
_UNAVAILABLE = 503
_BY_STATUS = {
    403: "not-authorized",
    404: NOT_FOUND,
    409: CONFLICT,
    413: "request-too-long",
    422: "profile-violated",
}
_OFFLINE, _UNAPPROVED = "ca-offline", "revocation-waits-for-approval"
_SAID = (
    (r"approvals are enabled", "approvals-enabled"),
    (r"already.*approval|approval.*already", _UNAPPROVED),
    (r"end entity profile .*(not found|not exist|n't exist)", "end-entity-profile-not-known"),
    (r"certificate profile .*(not found|not exist|n't exist)", "certificate-profile-not-known"),
    (r"\bca\b.*(not found|not exist|n't exist)", "ca-not-known"),
    (r"has been rejected", "approval-refused"),
    (r"has expired", "approval-expired"),
    (r"could not be executed", "approval-not-executed"),
    (r"no client certificate", "client-certificate-missing"),
    (r"\boff-?line\b|device was unavailable", _OFFLINE),
)
_PASSING = frozenset({_OFFLINE, _UNAPPROVED})


@dataclass(frozen=True)
class Answer:
    status: int  # 2xx
    data: dict[str, Any]


def read(reply: Reply) -> Answer:
    """Return what succeeded.

    Raises CARefusedError and, where it passes, CAUnreachableError: then nothing was done. With any
    other answer it is open what was done: AnswerLostError.
    """
    data = _object(reply) if reply.kind == _TYPE else None
    if reply.status >= http.REDIRECT:
        raise _refusal(reply.status, data)
    if reply.kind != _TYPE:
        raise AnswerLostError("answer-is-no-json")
    if data is None:
        raise AnswerLostError("answer-malformed")
    return Answer(reply.status, data)


def _object(reply: Reply) -> dict[str, Any] | None:
    try:
        data = json.loads(reply.body)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _refusal(status: int, data: dict[str, Any] | None) -> CAError:
    """Tell EJBCA's own word from that of a web server in front of it, which may not know."""
    message = (data or {}).get("error_message")
    if status >= http.SERVER_ERROR:
        own = status == _UNAVAILABLE and isinstance(message, str)
        return CAUnreachableError(_OFFLINE) if own else AnswerLostError(f"http-{status}")
    reason = _said(message) or _BY_STATUS.get(status, f"http-{status}")
    if data is None:  # it never came as far as EJBCA
        reason = f"http-{status}"
    return CAUnreachableError(reason) if reason in _PASSING else CARefusedError(reason)


def _said(message: object) -> str:
    if not isinstance(message, str):
        return ""
    found = (reason for words, reason in _SAID if re.search(words, message, re.IGNORECASE))
    return next(found, "")


def listed(answer: Answer, name: str) -> list[dict[str, Any]]:
    """Return the objects of a list in the answer."""
    found = answer.data.get(name)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise AnswerLostError("answer-malformed")
    return found


def granted(answer: Answer, transaction: Transaction) -> Enrolled | Pending:
    """Read the answer to a request, or to the question whether it is approved."""
    if answer.status == WAITING:
        waiting = replace(transaction, phase=Phase.PENDING, number=_number(answer.data))
        return Pending(waiting, _CHECK_AFTER)
    certificate = der(answer.data.get("certificate"))
    return Enrolled(certificate, replace(transaction, phase=Phase.GRANTED))


def _number(data: dict[str, Any]) -> int:
    """Return the number of the request for approval; older versions say it in the link alone."""
    told = data.get("request_id")
    if isinstance(told, int) and told > 0:
        return told
    linked = _FINALIZE.search(str(data.get("link")))
    if linked is None:
        raise AnswerLostError("no-request-id")
    return int(linked[1])


def der(told: object) -> bytes:
    """Return the certificate, DER, from base64 of DER, of PEM, or of base64."""
    if not isinstance(told, str):
        raise AnswerLostError("no-certificate-in-answer")
    try:
        return _parsed(told.encode()).public_bytes(Encoding.DER)
    except ValueError as fault:
        raise AnswerLostError("certificate-malformed") from fault


def _parsed(data: bytes) -> x509.Certificate:
    for _ in range(_WRAPPINGS):
        if data.startswith(b"-----BEGIN"):
            return x509.load_pem_x509_certificate(data)
        data = base64.b64decode(data, validate=True)
        if data.startswith(b"\x30"):
            return x509.load_der_x509_certificate(data)
    raise ValueError("wrapped too often")


def status(answer: Answer) -> Status:
    """Read what revocationstatus tells."""
    if not _revoked(answer):
        return Status(State.VALID)
    reason = _OURS.get(str(answer.data.get("revocation_reason")), "")
    state = State.SUSPENDED if reason == _HOLD else State.REVOKED
    return Status(state, reason, _moment(answer))


def changed(answer: Answer, reason: str, at: datetime) -> Status:
    """Read the answer to a revocation: only its field `revoked` says what became of it."""
    if answer.status == WAITING:
        raise CAUnreachableError(_UNAPPROVED)
    wanted = outcome(reason)
    if _revoked(answer) != (wanted != State.VALID):
        raise CARefusedError("status-not-changed")
    return Status(wanted, reason, _moment(answer) or at)


def outcome(reason: str) -> State:
    """Return where a certificate stands after a change with this reason."""
    return {_HOLD: State.SUSPENDED, "removeFromCRL": State.VALID}.get(reason, State.REVOKED)


def _revoked(answer: Answer) -> bool:
    revoked = answer.data.get("revoked")
    if not isinstance(revoked, bool):
        raise AnswerLostError("answer-malformed")
    return revoked


def _moment(answer: Answer) -> datetime | None:
    try:
        told = datetime.fromisoformat(str(answer.data.get("revocation_date")))
    except ValueError:
        return None
    return told if told.tzinfo else None

"""Our questions as bytes, and bytes as the body's answers: believed only after every check."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import core, parser
from asn1crypto.x509 import Certificate
from cryptography import x509

from registration.ca.cmp import protection, structures
from registration.ca.cmp.protection import Protected, Protection, Trust
from registration.ca.errors import AnswerLostError

NONCE_BYTES = 16
_VERSION = 2  # cmp2000, which every body speaks
_VERSIONS = (2, 3)
# What the parser meets in bytes of others it does not always name as its own error.
_MALFORMED = (ValueError, TypeError, LookupError, AttributeError, RecursionError)


@dataclass(frozen=True)
class Question:
    """`kind` and `content`: an alternative of `structures.Body`."""

    kind: str
    content: Any
    transaction: bytes
    replying_to: bytes  # the body's last nonce; empty in the first message
    nonce: bytes


@dataclass(frozen=True)
class Answer:
    kind: str
    content: Any
    nonce: bytes  # goes back with the next question of the transaction


def new_nonce() -> bytes:
    return secrets.token_bytes(NONCE_BYTES)


def compose(question: Question, protect: Protection, recipient: x509.Name) -> bytes:
    algorithm = protect.algorithm()
    header = structures.Header(
        {
            "pvno": _VERSION,
            "recipient": protection.directory_name(recipient),
            "message_time": datetime.now(UTC).replace(microsecond=0),
            "protection_algorithm": algorithm,
            "transaction_id": question.transaction,
            "sender_nonce": question.nonce,
            **protect.sender(),
        }
    )
    if question.replying_to:
        header["recipient_nonce"] = question.replying_to
    body = structures.Body(question.kind, question.content)
    part = _sequence(header.dump() + body.dump())
    message = structures.Message({"header": header, "body": body})
    message["protection"] = core.OctetBitString(protect.protect(algorithm, part))
    if protect.certificates:
        own = [Certificate.load(each) for each in protect.certificates]
        message["certificates"] = structures.Certificates(own)
    return bytes(message.dump())


def read(raw: bytes, question: Question, trust: Trust, at: datetime) -> Answer:
    """Return the answer to `question`; AnswerLostError for whatever is none."""
    try:
        return _read(raw, question, trust, at)
    except _MALFORMED as error:
        raise AnswerLostError("answer-malformed") from error


def _read(raw: bytes, question: Question, trust: Trust, at: datetime) -> Answer:
    message = structures.Message.load(raw, strict=True)
    message.native  # noqa: B018 - everything is parsed here, or ValueError
    header = message["header"]
    _require_ours(header, question)
    trust.require(_protected(raw, message), at)
    nonce = header["sender_nonce"].native or b""
    return Answer(message["body"].name, message["body"].chosen, nonce)


def _require_ours(header: structures.Header, question: Question) -> None:
    if header["pvno"].native not in _VERSIONS:
        raise AnswerLostError("answer-of-other-version")
    if header["transaction_id"].native != question.transaction:
        raise AnswerLostError("answer-of-another-transaction")
    if header["recipient_nonce"].native != question.nonce:
        raise AnswerLostError("answer-to-another-question")


def _protected(raw: bytes, message: structures.Message) -> Protected:
    sent_along = message["certificates"] if message["certificates"].native else ()
    return Protected(
        part=_original_part(raw),
        header=message["header"],
        protection=_octets(message["protection"]),
        certificates=tuple(bytes(each.dump()) for each in sent_along),
    )


def _octets(protection: Any) -> bytes | None:
    """Take whole octets only: with bits left over one protection had many encodings."""
    if protection.native is None:
        return None
    if protection.contents[0]:
        raise ValueError
    return bytes(protection.native)


def _original_part(raw: bytes) -> bytes:
    """Cut header and body out as they came: encoded again they could be other bytes."""
    content = parser.parse(raw)[4]
    header = parser.peek(content)
    return _sequence(content[: header + parser.peek(content[header:])])


def _sequence(content: bytes) -> bytes:
    return bytes(parser.emit(0, 1, 16, content))

"""How a certificate was made, as files of its bundle."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from registration.ca import profiles
from registration.models import BodyMessage, Issuance
from registration.models.journal import JournalLine
from registration.queries.dossier.writing import Files, name_of, written

BODY = "making/body/"  # folder of what was said to the certification body
_SEQUENCE = b"0"  # how every message of CMP begins


def files(issuance: Issuance) -> Files:
    yield "making/request.pem", issuance.request.encode()
    yield "making/challenge.bin", bytes(issuance.challenge or b"")
    yield "making/proof.bin", bytes(issuance.proof or b"")
    yield "making/issuance.json", written(_issuance(issuance))
    yield "making/journal.json", written(journaled(issuance.journal.all()))
    yield from said_to_body(issuance, since=0)
    gate = [
        {"kind": each.kind, "reference": each.reference, "facts": each.facts, "sha256": each.sha256}
        for each in issuance.evidence.order_by("pk")
    ]
    yield "making/gate.json", written(gate)


def journaled(lines: Iterable[JournalLine]) -> list[dict[str, Any]]:
    return [
        {
            "number": each.number,
            "kind": each.kind,
            "step": each.step,
            "at": each.at.isoformat(),
            "message": each.message_id,
            "facts": each.facts,
        }
        for each in lines
    ]


def body_messages(issuance: Issuance) -> QuerySet[BodyMessage]:
    return BodyMessage.objects.filter(issuance=issuance)


def said_to_body(issuance: Issuance, *, since: int) -> Files:
    """Yield each message and its answer, as they went over the line, numbered from `since` on."""
    for number, each in enumerate(body_messages(issuance), start=since + 1):
        stem = f"{BODY}{number:03}-{each.kind}"
        yield f"{stem}-sent.{_suffix(each.sent)}", each.sent
        if each.received:
            yield f"{stem}-received.{_suffix(each.received)}", each.received


def _suffix(message: bytes) -> str:
    return "der" if message.startswith(_SEQUENCE) else "txt"


def _issuance(issuance: Issuance) -> dict[str, Any]:
    return {
        "id": str(issuance.pk),
        "role": issuance.role,
        "key_type": issuance.key_type,
        "profile": profiles.named(issuance.profiles, issuance.role),
        "desk": issuance.desk.code,
        "card": issuance.card,
        "subject": issuance.subject,
        "email": issuance.email,
        "replaced_serial": issuance.replaced_serial,
        "renews": {"serial": issuance.renews_serial, "issuer": issuance.renews_issuer},
        "started_by": name_of(issuance.started_by),
        "started_at": issuance.started_at.isoformat(),
        "proven_at": issuance.confirmed_at.isoformat() if issuance.confirmed_at else None,
    }

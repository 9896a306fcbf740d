"""Desks: registering one, speaking to it, accepting what it says."""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from archive.services import audit
from cardops import messages
from cardops.errors import MessageError
from cardops.messages import Message, PublicKeys
from registration import errors
from registration.models import (
    Application,
    Desk,
    DeskMessage,
    Issuance,
    Office,
    Unblocking,
    User,
)
from registration.services import bodies, desk_keys, health
from registration.workflow import unblocking
from registration.workflow.issuance import RUNNING

LIFETIME = 120.0  # seconds in which a desk may take a command

_PASSING = frozenset({"hello", "progress"})  # the sequence alone keeps them from being repeated


@dataclass(frozen=True)
class Outgoing:
    """An envelope and the desk whose queue it goes to."""

    desk_code: str
    text: str


@dataclass(frozen=True)
class About:
    """What a message belongs to; a desk repeats it in its answer."""

    case: str = ""
    issuance: str = ""
    step: str = ""


def register(
    code: str, name: str, office: Office, public_keys: dict[str, str], *, by: User | None
) -> Desk:
    """Make a desk known by its public keys; new keys under an old code replace the old ones."""
    PublicKeys.from_json(public_keys)
    facts = {"name": name, "office": office.code, "keys": public_keys}
    values = {"name": name, "office": office, "public_keys": public_keys}
    with audit.transaction():
        desk = Desk.objects.filter(code=code).first()
        if desk is None or desk.public_keys != public_keys:
            values["last_accepted"] = 0  # new keys begin a new conversation
        desk, _created = Desk.objects.update_or_create(code=code, defaults=values)
        audit.append("desk.register", subject=code, by=by, facts=facts)
    return desk


def compose(desk: Desk, kind: str, body: dict[str, Any], about: About) -> Outgoing:
    """Return a sealed message under the desk's next number; sent in the order of composing."""
    now = time.time()
    with audit.transaction():
        sent = Desk.objects.select_for_update(no_key=True).get(pk=desk.pk)
        sent.last_sent = messages.next_sequence(sent.last_sent, now)
        sent.save(update_fields=["last_sent"])
    message = Message(
        desk=desk.code,
        type=kind,
        message_id=messages.new_id(),
        sequence=sent.last_sent,
        issued_at=now,
        expires_at=now + LIFETIME,
        case=about.case,
        issuance=about.issuance,
        step=about.step,
        body=body,
    )
    receiver = PublicKeys.from_json(desk.public_keys)
    return Outgoing(
        desk.code, messages.seal(message, sender=desk_keys.server_keys(), receiver=receiver)
    )


def accept(text: object) -> tuple[Desk, Message]:
    """Return a desk's message, proven and new; raise MessageError otherwise.

    Runs inside of the transaction in which the message is acted upon.
    """
    code = messages.desk_of(text)
    desk = Desk.objects.select_for_update(no_key=True).filter(code=code, active=True).first()
    if desk is None:
        raise MessageError("desk")
    message = messages.open_envelope(
        text,
        receiver=desk_keys.server_keys(),
        sender=PublicKeys.from_json(desk.public_keys),
        desk=code,
        now=time.time(),
    )
    seen = DeskMessage.objects.filter(message_id=message.message_id).exists()
    messages.require_fresh(message, seen=seen, last=desk.last_accepted)
    _note(desk, message)
    return desk, message


def note_clock(code: str, *, late: float, sequence: int, **_facts: Any) -> None:
    """Note by how many seconds a desk's clock is off that says things out of their time.

    Only of a message that was never taken before: an old one comes late because it is repeated.
    """
    desk = Desk.objects.filter(code=code, active=True, last_accepted__lt=sequence).first()
    if desk is not None and is_silent(desk):
        desk.health = desk.health | {"clock": round(-late)}
        desk.save(update_fields=["health"])


def _note(desk: Desk, message: Message) -> None:
    desk.last_accepted, desk.seen_at = message.sequence, timezone.now()
    if message.type == "hello":
        health.note(desk, message)
    desk.save(update_fields=["last_accepted", "seen_at", *health.FIELDS])  # the rest is people's
    if message.type not in _PASSING:
        DeskMessage.objects.create(
            desk=desk,
            message_id=message.message_id,
            sequence=message.sequence,
            type=bodies.code({"type": message.type}, "type"),
            conversation=(message.issuance or message.step)[:40],
        )


def is_silent(desk: Desk) -> bool:
    """Tell whether the desk gave no sign of life for DESK_SILENT_AFTER seconds."""
    patience = timedelta(seconds=int(str(settings.OVERA["DESK_SILENT_AFTER"])))
    return desk.seen_at is None or timezone.now() - desk.seen_at > patience


def require_free(desk: Desk, office: Office, *, but: Application | None = None) -> None:
    """Raise DeskError unless the desk is alive and works on no case, `but` for this one.

    Inside of a transaction: the desk's row stays locked, so that nobody else takes the desk.
    """
    require_ready(Desk.objects.select_for_update(no_key=True).get(pk=desk.pk), office)
    making = Issuance.objects.filter(desk=desk, stage__in=RUNNING)
    unblocks = Unblocking.objects.filter(desk=desk, stage=unblocking.Stage.WAITING)
    if any(each.exclude(application=but).exists() for each in (making, unblocks)):
        raise errors.BusyDeskError


def require_ready(desk: Desk, office: Office) -> None:
    """Raise DeskError unless this desk of this office is alive."""
    if desk.office_id != office.pk or not desk.active:
        raise errors.ForeignDeskError
    if is_silent(desk):
        raise errors.SilentDeskError

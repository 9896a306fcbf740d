"""What a desk says of itself every few seconds: program, readers, card, clock."""

import time

from cardops.messages import Message
from registration.models import Desk
from registration.services import bodies

FIELDS = ("reader", "card_present", "agent_version", "health")

_MOST = 1_000_000  # answers that a desk may hold back


def note(desk: Desk, message: Message) -> None:
    """Put a hello into the desk's FIELDS, unsaved; raise MessageError where it is none."""
    body = message.body
    desk.reader = bodies.text(body.get("reader") or "")
    desk.card_present = body.get("card_present") is True
    desk.agent_version = bodies.text(body.get("version"), longest=40)
    desk.health = {
        "service": body.get("service") is not False,
        "readers": bodies.texts(body.get("readers", [])),
        "pin_pad": bodies.fact(body.get("pin_pad")),
        "profiles": bodies.texts(body.get("profiles", [])),
        "unsent": bodies.count(body.get("unsent", 0), _MOST),
        "clock": round(message.issued_at - time.time()),
    }

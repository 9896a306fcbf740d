"""Whether the card that was read last may be issued to, and if not, why."""

from enum import StrEnum

from django.conf import settings

from cardops.identity import Kind
from registration.models import CardReading


class Obstacle(StrEnum):
    """Why a certificate may not go to the card."""

    UNREAD = "unread"
    DIFFERS = "differs"
    OLD = "old"
    UNPROVEN = "unproven"


def obstacle(reading: CardReading | None) -> Obstacle | None:
    """Return what stands against it; None when nothing does."""
    if reading is None or reading.result != CardReading.Result.READ:
        return Obstacle.UNREAD
    if reading.differences:
        return Obstacle.DIFFERS
    if (reading.card or {}).get("kind") == Kind.OLD:
        return Obstacle.OLD
    refused = reading.authenticity in settings.OVERA["CARD_REFUSED_WHEN"]
    return Obstacle.UNPROVEN if refused else None

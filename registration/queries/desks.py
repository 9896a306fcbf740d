"""How desks are: what each said of itself last, and what the administrator should mend."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from cardops.agent import VERSION
from registration.models import Desk

CLOCK_OFF = 30  # seconds


@dataclass(frozen=True)
class DeskState:
    """A desk's last word about itself; `seconds` ago. `faults` are sentences."""

    code: str
    name: str
    reader: str
    card_present: bool
    seen_at: datetime | None
    seconds: int
    alive: bool
    faults: tuple[str, ...]

    @classmethod
    def of(cls, desk: Desk) -> Self:
        age = timezone.now() - desk.seen_at if desk.seen_at else timedelta.max
        alive = age < timedelta(seconds=int(str(settings.OVERA["DESK_SILENT_AFTER"])))
        return cls(
            desk.code,
            desk.name,
            desk.reader,
            desk.card_present,
            desk.seen_at,
            seconds=max(0, int(age.total_seconds())),
            alive=alive,
            faults=tuple(_faults(desk, alive=alive)),
        )


def _faults(desk: Desk, *, alive: bool) -> Iterator[str]:
    """Yield what is wrong with a desk and what to do; of a silent one only why it is not heard."""
    clock = int(desk.health.get("clock", 0))
    if abs(clock) > CLOCK_OFF:
        yield _about_clock(clock)
    if alive and _major(desk.agent_version) != _major(VERSION):
        yield gettext(
            "The desk's program has version %(desk)s, the server needs %(server)s: install that"
            " version on the counter's computer."
        ) % {"desk": desk.agent_version, "server": VERSION}
    if alive:
        yield from _about_reader(desk)


def _about_clock(seconds: int) -> str:
    off = {"seconds": abs(seconds)}
    if seconds < 0:
        late = ngettext(
            "The desk's clock is %(seconds)s second slow.",
            "The desk's clock is %(seconds)s seconds slow.",
            abs(seconds),
        )
    else:
        late = ngettext(
            "The desk's clock is %(seconds)s second fast.",
            "The desk's clock is %(seconds)s seconds fast.",
            abs(seconds),
        )
    then = gettext("Let it be set from the network: beyond a minute the desk is not heard.")
    return f"{late % off} {then}"


def _about_reader(desk: Desk) -> Iterator[str]:
    others = desk.health.get("readers", [])
    if desk.health.get("service") is False:
        yield gettext("The card service of the desk does not run. Start pcscd again.")
    elif not desk.reader and others:
        yield gettext(
            "The reader that the desk is set up for is not plugged in. It sees: %(readers)s."
        ) % {"readers": ", ".join(others)}
    unsent = int(desk.health.get("unsent", 0))
    if unsent:
        yield ngettext(
            "%(count)s answer is not sent yet.", "%(count)s answers are not sent yet.", unsent
        ) % {"count": unsent}


def _major(version: str) -> str:
    return version.partition(".")[0]

"""From the officer's click to "confirmed": how much of it is neither the card's nor the body's.

Two certificates, through broker, worker and agent, onto a virtual card that takes two seconds for
each key. The time inside the card is what its program counts, the time inside the certification
body and the citizen's typing are what clocks in worker and agent count; the typing is left out of
the whole.
"""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import django

from cardops.virtual.control import Control
from config.supervisor.stack import Stack
from tests.benchmarks import clocks

GENERATING = 2.0  # seconds for each key
_GENERATE = 0x47
_HAND = 1.0  # seconds
_CITIZEN = [sys.executable, "-m", "cardops.virtual.citizen", "{url}"]


@dataclass(frozen=True)
class Making:
    """Seconds of one making; `total` without the citizen's typing."""

    total: float
    card: float
    body: float

    @property
    def share(self) -> float:
        return (self.total - self.card - self.body) / self.total


class _Clocked(Stack):
    def _add(self, name: str, command: Sequence[str]) -> None:
        clocked = {"worker": ("config.celery", "tests.benchmarks.clocks.worker")}
        clocked["desk"] = ("cardops.agent", "tests.benchmarks.clocks.agent")
        old, new = clocked.get(name, ("", ""))
        super()._add(name, [new if each == old else each for each in command])


def measured(folder: Path, rounds: int) -> list[Making]:
    """Issue once to warm up, then `rounds` times, each onto a blank card."""
    with _stack(folder) as stack:
        return [_making(stack) for _round in range(rounds + 1)][1:]


@contextmanager
def _stack(folder: Path) -> Iterator[Stack]:
    os.environ[clocks.FILE] = str(folder / "clocks")
    with _Clocked(folder, web=False, citizen=_CITIZEN, logs=True) as stack:
        os.environ.update(stack.environment)
        django.setup()
        yield stack


def _change(card: Control) -> None:
    """Put another card in, as slowly as a hand does."""
    card.remove()
    time.sleep(_HAND)
    card.new_card()
    time.sleep(_HAND)


def _making(stack: Stack) -> Making:
    from tests.benchmarks import counter  # noqa: PLC0415 Django's models are ready only now

    card, clock = Control(stack.card_folder), Path(os.environ[clocks.FILE])
    _change(card)
    case = counter.signed_case()
    for _role in range(2):
        card.fault("slow", ins=_GENERATE, seconds=GENERATING)
    busy = card.status()["busy"]
    browser = counter.page_of(case)
    clocks.read(clock)
    clicked = time.time()
    counter.click(browser, case)
    total = counter.confirmed(case) - clicked
    found = clocks.read(clock)
    total -= found["citizen"]
    counter.end(case)
    return Making(total, card.status()["busy"] - busy, found["ca"])

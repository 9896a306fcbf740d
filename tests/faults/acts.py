"""What happens at one counter: a clean run, a run with a fault, going on after a power cut.

Each act is played in a process of its own, which may be killed in the middle.
"""

import time
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from cardops.virtual.control import Control
from registration.models import Issuance
from registration.workflow.issuance import Stage
from tests.faults import rules
from tests.faults.counter import Counter
from tests.faults.officer import HangingError, Officer
from tests.faults.place import Place
from tests.faults.points import STARTS, Point, distinct

_PAUSE = 0.2  # seconds that a slow card stands still after everybody has asked again


@dataclass
class Act:
    """One counter with one fault at most; `play` returns {violations, outcome}."""

    place: Place
    card: Control
    start: str
    kind: str = ""
    broken: list[str] = field(default_factory=list)
    fired: bool = False
    resumed: int = 0

    def __post_init__(self) -> None:
        start = STARTS[self.start]
        facts = self.place.facts(start.kept)
        self._before, self._case = facts["card"], facts["case"]
        settings.OVERA = settings.OVERA | {"KEY_TYPE": start.key_type}
        self.counter = Counter(self.place, self.card)
        self.officer = Officer(self.counter, self._case, self._stopped)

    def play(self, *, again: bool = False) -> dict[str, Any]:
        """Start, or go on after a power cut; to the end in either case."""
        try:
            self.officer.put_card_back()
            if not again:
                self.officer.start()
            self.officer.carry_through(self._meanwhile)
        except HangingError as fault:
            self.broken.append(f"hangs: {fault}")
        self._look()
        self.broken += rules.at_the_end(self._scene())
        self.broken += self.officer.refusals
        return {
            "violations": list(dict.fromkeys(self.broken)),
            "fired": self.fired,
            "resumed": self.resumed,
        }

    def _scene(self) -> rules.Scene:
        now = self.card.card()
        return rules.scene(self.place, self._before, now, self._case, self.counter.journal)

    def _look(self) -> None:
        self.fired = self.fired or bool(self.card.status()["fired"])

    def _stopped(self) -> None:
        """Hold the rules against what is, then do what an officer might do before going on."""
        self.resumed += 1
        self._look()
        self.broken += rules.always(self._scene())
        if self.resumed == 1 and self._interrupted():
            self._before_going_on()

    def _before_going_on(self) -> None:
        if self.kind.startswith("pull"):
            self.officer.put_in_another_persons_card()
        if self.kind == "no-space":
            self.officer.give_up()
            self.broken += rules.given_up(self._scene())

    def _interrupted(self) -> bool:
        stopped = Issuance.objects.filter(application=self._case, stage=Stage.INTERRUPTED)
        return stopped.exists()

    def _meanwhile(self) -> None:
        """While a slow card keeps everybody waiting, the sweep asks the desk again."""
        if self.kind == "slow" and self.card.status()["held"]:
            self.counter.sweep()
            time.sleep(_PAUSE)
            self.card.go_on()


def trace(place: Place, card: Control, start: str) -> dict[str, Any]:
    """Play a clean run; return what came of it and {steps}: its distinct steps."""
    act = Act(place, card, start)
    result = act.play()
    phases, names = act.counter.phases, card.steps()
    phased = [(_phase(phases, number), name) for number, name in enumerate(names)]
    steps = [vars(each) for each in distinct(start, phased)]
    return result | {"steps": steps, "commands": len(names)}


def _phase(phases: list[tuple[str, int]], number: int) -> str:
    return next(name for name, first in reversed(phases) if first <= number)


def play(place: Place, card: Control, point: Point) -> dict[str, Any]:
    return Act(place, card, point.step.start, point.kind).play()


def play_on(place: Place, card: Control, point: Point) -> dict[str, Any]:
    """Go on after the power came back."""
    return Act(place, card, point.step.start, point.kind).play(again=True)

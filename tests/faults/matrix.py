"""The whole matrix: points planned from clean runs, spread over lanes, counted."""

import json
import queue
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.faults import place as places
from tests.faults.place import Place
from tests.faults.points import KINDS, PROCESSES, STARTS, Point, Step

_PROGRAM = "import sys, django; django.setup(); from tests.faults import {0}; sys.exit({0}.main())"
_TRIES = 3  # of a point whose fault did not come about
_EVERY = 50  # points between two words of progress


@dataclass(frozen=True)
class Part:
    """Lanes of one kind, what their runs begin from, what can go wrong at each of their steps."""

    title: str
    lane: str  # module of its program
    starts: tuple[str, ...]
    kinds: tuple[str, ...]
    environment: Callable[[Place], dict[str, str]]


COMMANDS = Part("commands to the card", "lane", tuple(STARTS), tuple(KINDS), places.environment)
JOURNALS = Part("steps of journals", "journaled", ("occupied",), PROCESSES, places.standing)


@dataclass(frozen=True)
class Choice:
    """Which points are played: those with `only` in their name, `sample` of them (0: all)."""

    only: str = ""
    sample: int = 0

    def of(self, part: Part, planned: list[Point]) -> list[Point]:
        """Return them evenly spread; of the journals' points, which are slow, a quarter as many."""
        found = [point for point in planned if self.only in str(point)]
        if not self.sample:
            return found
        number = min(self.sample if part == COMMANDS else self.sample // 4, len(found))
        return [found[each * len(found) // number] for each in range(number)]


@dataclass
class Tally:
    planned: int = 0
    reached: int = 0
    violations: int = 0
    resumed: Counter[int] = field(default_factory=Counter)

    @property
    def done(self) -> int:
        return sum(self.resumed.values())

    @property
    def facts(self) -> str:
        often = ", ".join(
            f"{times} times: {cases}" for times, cases in sorted(self.resumed.items())
        )
        return f"cases that the officer had to go on with {often}"


class Matrix:
    """`lanes` of a part work beside each other, each on a counter of its own.

    What a folder was prepared with stays there for another matrix.
    """

    def __init__(self, folder: Path, lanes: int) -> None:
        self._folder, self._lanes = folder, lanes
        self._first = Place(folder / "0")
        self._tally, self._lock = Tally(), threading.Lock()

    def run(self, choice: Choice) -> Tally:
        plan = self._folder / "plan.json"
        if not plan.exists():
            self._prepare(plan)
        steps: dict[str, list[dict[str, Any]]] = json.loads(plan.read_text())
        chosen = {part: choice.of(part, _points(part, steps)) for part in (COMMANDS, JOURNALS)}
        self._tally.planned = sum(len(each) for each in chosen.values())
        for part, points in chosen.items():
            self._spread(part, points)
        return self._tally

    def _prepare(self, plan: Path) -> None:
        """Make the states that runs begin from, and trace a clean run from each."""
        places.make(self._first)
        with _lane(COMMANDS, self._first) as lane:
            _require(lane.ask(do="prepare"))
        steps = {part.title: self._traced(part) for part in (COMMANDS, JOURNALS)}
        plan.write_text(json.dumps(steps))

    def _traced(self, part: Part) -> list[dict[str, Any]]:
        """Return the distinct steps of all runs; what another start had already counts once."""
        steps: list[dict[str, Any]] = []
        with self._another(part) as lane:
            for start in part.starts:
                traced = _require(lane.ask(do="trace", start=start))
                new = _unlike(steps, traced["steps"]) if "RSA" in start else traced["steps"]
                _say(f"{part.title}, {start}: {traced['commands']}, new steps: {len(new)}")
                steps += new
        return steps

    @contextmanager
    def _another(self, part: Part) -> Iterator["_Lane"]:
        with places.copy(self._first, self._folder) as place, _lane(part, place) as lane:
            yield lane

    def _spread(self, part: Part, points: list[Point]) -> None:
        waiting: queue.SimpleQueue[Point] = queue.SimpleQueue()
        for point in points:
            waiting.put(point)
        with ExitStack() as stack:
            for _number in range(min(self._lanes, len(points))):
                lane = stack.enter_context(self._another(part))
                worker = threading.Thread(target=self._work, args=(lane, waiting))
                worker.start()
                stack.callback(worker.join)

    def _work(self, lane: "_Lane", waiting: "queue.SimpleQueue[Point]") -> None:
        while True:
            try:
                point = waiting.get_nowait()
            except queue.Empty:
                return
            result = lane.play(point)
            self._count(point, result)
            if "crash" in result:
                return  # what is left of this lane would fail for no reason of its own

    def _count(self, point: Point, result: dict[str, Any]) -> None:
        with self._lock:
            tally = self._tally
            tally.reached += bool(result["fired"])
            tally.violations += len(result["violations"])
            tally.resumed[result.get("resumed", 0)] += 1
            if tally.done % _EVERY == 0:
                _say(f"{tally.done}/{tally.planned}")
        if not result["fired"]:
            _say(f"not reached: {point}")
        for finding in result["violations"]:
            _say(f"VIOLATION {point}: {finding}\n{result.get('crash', '')}")


class _Lane:
    """A lane's process: takes orders, gives answers."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, **order: Any) -> dict[str, Any]:
        if not self._process.stdin or not self._process.stdout:
            raise RuntimeError("a lane has no ears")
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def play(self, point: Point) -> dict[str, Any]:
        """Play a point; again where its fault did not come about: chances differ a little."""
        for _time in range(_TRIES):
            result = self.ask(do="point", step=asdict(point.step), kind=point.kind)
            if result.setdefault("fired", False) or result["violations"]:
                break
        return result


@contextmanager
def _lane(part: Part, place: Place) -> Iterator[_Lane]:
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM.format(part.lane), str(place.folder)],
        env=part.environment(place),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield _Lane(process)
    finally:
        process.communicate()


def _points(part: Part, steps: dict[str, list[dict[str, Any]]]) -> list[Point]:
    return [Point(Step(**each), kind) for each in steps[part.title] for kind in part.kinds]


def _unlike(steps: list[dict[str, Any]], more: list[dict[str, Any]]) -> list[dict[str, Any]]:
    known = {(each["phase"], each["name"]) for each in steps}
    return [each for each in more if (each["phase"], each["name"]) not in known]


def _require(answer: dict[str, Any]) -> dict[str, Any]:
    if answer.get("violations"):
        raise RuntimeError(f"the clean run is not clean: {answer}")
    return answer


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()

"""One lane of the matrix: a counter's folder, its reader, and a process for each act.

Reads orders as JSON lines, answers each with one. This process itself opens neither database nor
card and has one thread only, so that it can fork; a child may be killed at any moment.
"""

import json
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from smartcard import scard

from cardops.virtual import service
from cardops.virtual.control import Control
from config.celery import app
from tests.faults import acts, orders, sabotage, states
from tests.faults.place import Place
from tests.faults.points import KINDS, STARTS, Point, Step

_LOOK = 0.02  # seconds
_PATIENCE = 180.0  # seconds for one act
_HEAD_START = 0.05  # seconds that the other program gets


class Lane:
    def __init__(self, place: Place) -> None:
        self.place, self.card = place, Control(place.card)

    def prepare(self) -> dict[str, Any]:
        for state in (states.prepare_blank, states.prepare_occupied):
            said = self._wait(_Child(lambda state=state: state(self.place, self.card) or {}))
            if "crash" in said:
                return said
        return {}

    def trace(self, start: str) -> dict[str, Any]:
        self._begin(start)
        return self._wait(_Child(lambda: acts.trace(self.place, self.card, start)))

    def point(self, step: dict[str, Any], kind: str) -> dict[str, Any]:
        """Play one point; {violations, fired, resumed, seconds}."""
        point, started = Point(Step(**step), kind), time.monotonic()
        self._begin(point.step.start)
        self.card.fault(step=point.step.name, at=point.step.nth, **KINDS[kind])
        child = _Child(lambda: acts.play(self.place, self.card, point))
        result = self._watched(child, point)
        return result | {"seconds": time.monotonic() - started}

    def _begin(self, start: str) -> None:
        kept = STARTS[start].kept
        self.card.insert()
        self.place.put_back(kept)
        self.card.swap(self.place.facts(kept)["card"])

    def _watched(self, child: "_Child", point: Point) -> dict[str, Any]:
        if point.kind.startswith("power-cut"):
            return self._cut(child, point)
        if point.kind == "reset-by-another":
            return self._reset(child)
        return self._wait(child)

    def _cut(self, child: "_Child", point: Point) -> dict[str, Any]:
        """Kill server and desk in the middle of the command, take the card's power, begin anew."""
        if not self._held(child):
            return child.result()
        child.kill()
        self.card.remove()
        again = _Child(lambda: acts.play_on(self.place, self.card, point))
        return self._wait(again) | {"fired": True}

    def _reset(self, child: "_Child") -> dict[str, Any]:
        """Let another program reset the card, or try to, while our command runs."""
        if not self._held(child):
            return child.result()
        another = _Child(_reset_card)
        time.sleep(_HEAD_START)
        self.card.go_on()
        result = self._wait(child)
        another.kill()
        return result

    def _held(self, child: "_Child") -> bool:
        """Wait until the card stands still; False when the act ended before."""
        while not child.ready(_LOOK):
            if self.card.status()["held"]:
                return True
        return False

    def _wait(self, child: "_Child") -> dict[str, Any]:
        if child.ready(_PATIENCE):
            return child.result()
        child.kill()
        return {"violations": ["hangs: the process had to be killed"], "fired": True}


class _Child:
    """A forked process that does one act and answers in JSON."""

    def __init__(self, act: Callable[[], dict[str, Any]]) -> None:
        self._answers, writing = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            _act(act, writing)
        os.close(writing)

    def ready(self, seconds: float) -> bool:
        return bool(select.select([self._answers], [], [], seconds)[0])

    def result(self) -> dict[str, Any]:
        with os.fdopen(self._answers) as answers:
            text = answers.read()
        os.waitpid(self.pid, 0)
        result: dict[str, Any] = json.loads(text or '{"violations": ["the act died"]}')
        return result

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._answers)


def _act(act: Callable[[], dict[str, Any]], writing: int) -> None:
    try:
        answer = act()
    except BaseException:  # noqa: BLE001 whatever it was, the lane hears of it
        crash = traceback.format_exc()
        answer = {"violations": [f"crash: {crash.splitlines()[-1]}"], "crash": crash}
    os.write(writing, json.dumps(answer).encode())
    os._exit(0)  # timers of the citizen's screen may still run


def _reset_card() -> dict[str, Any]:
    """Be another program: connect to the card and leave it reset."""
    _result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    _result, readers = scard.SCardListReaders(context, [])
    protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
    shared = scard.SCARD_SHARE_SHARED
    _result, handle, _protocol = scard.SCardConnect(context, readers[0], shared, protocols)
    scard.SCardDisconnect(handle, scard.SCARD_RESET_CARD)
    return {}


def main() -> int:
    place = Place(Path(sys.argv[1]))
    if place.desk_file.exists():
        states.relocate(place)
    sabotage.commit()
    app.finalize(auto=True)  # once, not again in each child
    process = service.start(place.card)
    try:
        orders.serve(Lane(place))
    finally:
        service.stop(process)
    return 0

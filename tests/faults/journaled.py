"""One lane of the journals' part: real programs, killed while one of them stands at a step."""

import functools
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from cardops.journal import Journal
from cardops.virtual.control import Control
from config.celery import app
from registration import tasks
from registration.management import walk
from registration.models import Application, Desk, DeskMessage, Issuance
from registration.queries import issuances as queries
from registration.services import issuances
from registration.workflow import requests
from registration.workflow.issuance import RUNNING, Stage
from registration.workflow.states import State
from tests.faults import citizen, orders, points, rules, states, stops
from tests.faults.place import Place
from tests.faults.points import Step
from tests.faults.programs import Officer, Programs, wait_for
from tests.faults.stops import Stops

STATE = points.OCCUPIED  # a renewal passes every step that there is
_PATIENCE = 120.0  # seconds for one point
_LOOK = 0.05
_QUIET = 1.5  # seconds without any change after which the sweep is sent
_PAUSE = 1.0  # seconds between two presses
_LONG_AGO = timedelta(seconds=200)
_DESKS = f"desk.{states.DESK}"
_QUEUES = ("server", "tasks", "unacked", "unacked_index", _DESKS)
_TAKEN = (f"{_DESKS}.unacked", f"{_DESKS}.unacked_index")


@dataclass
class Lane:
    place: Place
    programs: Programs
    officer: Officer
    stops: Stops
    card: Control

    def trace(self, start: str) -> dict[str, Any]:
        """Play a clean run; return {steps}: what the journals' programs passed."""
        result = self._play("", lambda: None)
        names = dict.fromkeys(result.pop("passed"))
        steps = [vars(Step(start, "journal", name, 1)) for name in names]
        return result | {"steps": steps, "commands": len(names)}

    def point(self, step: dict[str, Any], kind: str) -> dict[str, Any]:
        """Kill the process `kind` while somebody stands at the step; {violations, fired, …}."""
        started = time.monotonic()
        result = self._play(step["name"], lambda: self._kill(kind))
        return result | {"seconds": time.monotonic() - started}

    def _kill(self, name: str) -> None:
        self.programs.kill(name)
        self.programs.start_again(name)
        self.stops.go_on()

    def _play(self, wanted: str, fault: Callable[[], None]) -> dict[str, Any]:
        self._begin(wanted)
        run = _Run(self, self.place.facts(STATE)["case"], wanted)
        run.carry_through(fault)
        passed = self.stops.passed()
        self._end(run)
        told = {
            "violations": run.broken,
            "fired": run.struck,
            "resumed": len(run.codes),
            "codes": run.codes,
        }
        return told | ({} if wanted else {"passed": passed})

    def _begin(self, wanted: str) -> None:
        """Lay the state under the running programs."""
        kept = self.place.folder / "states" / STATE
        _restore(kept / "test.sqlite3", self.place.var / "test.sqlite3")
        _restore(kept / "journal.sqlite3", self.place.journal)
        self.place.put_back_files(STATE)
        self.card.swap(self.place.facts(STATE)["card"])
        with app.connection() as broker:
            broker.default_channel.client.delete(*_QUEUES, *_TAKEN)
        self.officer.log_in()
        Desk.objects.update(seen_at=timezone.now(), card_present=True)  # it has just answered
        self.stops.begin(wanted)

    def _end(self, run: "_Run") -> None:
        """Let the desk end its session: the next run is about the same case."""
        self.stops.go_on()  # whoever stands still where the run was over before
        known = DeskMessage.objects.filter(type="released").count()
        word = issuances.release(queries.live(run.case)[0], "done")
        app.send_task("overa.desk.deliver", [word.text], queue=_DESKS)
        answered = wait_for(lambda: DeskMessage.objects.filter(type="released").count() > known)
        if not answered:
            run.broken.append("the desk does not answer any more")


class _Run:
    """One case, from the officer's press to the end; `broken` are the rules that were."""

    def __init__(self, lane: Lane, case: str, wanted: str) -> None:
        self._lane, self._case, self._wanted = lane, case, wanted
        self._before = lane.place.facts(STATE)["card"]
        self.broken: list[str] = []
        self.struck = False
        self._over = 0.0
        self._pressing = threading.Thread()
        self._seen: Any = None
        self._changed = self._pressed = time.monotonic()
        self.codes: list[str] = []

    @property
    def case(self) -> Application:
        return Application.objects.get(pk=self._case)

    def carry_through(self, fault: Callable[[], None]) -> None:
        deadline = time.monotonic() + _PATIENCE
        self._press("case_issue")
        while not self._ended() and time.monotonic() < deadline:
            if self._lane.stops.reached and not self.struck:
                self.struck = True
                fault()
            self._look_after()
            time.sleep(_LOOK)
        self.broken += self._findings()

    def _ended(self) -> bool:
        """Tell whether the case is issued, nothing is left to be tidied up, and the fault was."""
        if self.case.state != State.ISSUED or self._findings():
            return False
        return self.struck or not self._wanted or self._over_for(_PATIENCE / 6)

    def _over_for(self, seconds: float) -> bool:
        """Tell whether the case has been over for so long that the step will not come any more."""
        self._over = self._over or time.monotonic()
        return time.monotonic() - self._over > seconds

    def _findings(self) -> list[str]:
        place, now = self._lane.place, self._lane.card.card()
        journal = Journal(place.journal)
        try:
            scene = rules.scene(place, self._before, now, self._case, journal)
            return rules.at_the_end(scene)
        finally:
            journal.close()

    def _look_after(self) -> None:
        """Be the officer, and the clock of the sweep."""
        if self._pressing.is_alive() or time.monotonic() - self._pressed < _PAUSE:
            return
        current = queries.current(self.case)
        if current is None:
            self._press("case_issue")
        elif current.stage == Stage.INTERRUPTED:
            self.codes.append(current.failure_code)
            self._press("case_resume")
        elif self._quiet():
            Issuance.objects.filter(stage__in=RUNNING).update(moved_at=timezone.now() - _LONG_AGO)
            tasks.sweep.delay()

    def _press(self, step: str) -> None:
        """Press a button, and do not wait for what comes of it: the web server may stand still."""
        option = requests.circled(self.case.procedure, self.case.pin_choice)
        typed = {"option": option, "email": walk.EMAIL, "desk": states.DESK}
        self._pressed = time.monotonic()
        press = functools.partial(self._lane.officer.press, step, self.case.number, **typed)
        self._pressing = threading.Thread(target=press, daemon=True)
        self._pressing.start()

    def _quiet(self) -> bool:
        """Tell whether nothing has changed for a while."""
        rows = Issuance.objects.filter(application=self._case).order_by("pk")
        now = list(rows.values_list("stage", "progress", "failure_code"))
        if now != self._seen:
            self._seen, self._changed = now, time.monotonic()
        if time.monotonic() - self._changed < _QUIET:
            return False
        self._changed = time.monotonic()
        return True


def _restore(kept: Path, target: Path) -> None:
    """Copy a database over one that others have open, as one transaction."""
    source, there = sqlite3.connect(kept), sqlite3.connect(target, timeout=20)
    source.backup(there)
    source.close()
    there.close()


def main() -> int:
    place = Place(Path(sys.argv[1]))
    halts = stops.own()
    halts.begin()
    place.put_back(STATE)
    states.relocate(place)
    citizen.sit_down(place.screen, place.said)
    with Programs(place, citizen.browser(place.screen)) as programs:
        app.conf.broker_url = programs.environment["OVERA_BROKER"]
        app.set_default()
        officer = Officer(programs.address)
        if not wait_for(lambda: Desk.objects.filter(card_present=True).exists()):
            raise RuntimeError("the desk does not come on line")
        orders.serve(Lane(place, programs, officer, halts, Control(place.card)))
    return 0

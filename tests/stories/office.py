"""An office at work: its officer, its desk with a card in the reader, and a citizen in front."""

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from cardops.virtual import citizen
from cardops.virtual.control import Control
from config.supervisor.stack import Stack
from registration import tasks
from registration.management import walk
from registration.models import Application, Desk, Issuance, User
from registration.queries import issuances as queries
from registration.services import issuances, packets
from registration.workflow.issuance import RUNNING, Stage

Found = TypeVar("Found")

PIN = b"83520174"
WRONG = b"11223344"
PATIENCE = 40.0  # seconds


@dataclass
class Office:
    stack: Stack
    card: Control
    officer: User
    desk: Desk
    address_file: Path

    def signed_case(self) -> Application:
        """Return a case with everything that issuing needs, from the card in the reader."""
        reading = walk.read_card(self.desk, self.officer)
        case = walk.open_case(reading, self.officer)
        packets.print_packet(case, by=self.officer)
        walk.sign(case, self.officer)
        return case

    def start(self, case: Application) -> Issuance:
        started = issuances.start(case, self.desk, option="1", email=walk.EMAIL, by=self.officer)
        tasks.command.delay(str(started.pk))
        return started

    def resume(self, issuance: Issuance) -> Issuance:
        resumed = issuances.resume(Issuance.objects.get(pk=issuance.pk), by=self.officer)
        tasks.command.delay(str(resumed.pk))
        return resumed

    def screen(self) -> str:
        """Return the address of the citizen screen that was opened, and forget it."""
        address = wait_for(lambda: self.address_file.exists() and self.address_file.read_text())
        self.address_file.unlink()
        return str(address)

    def type_pin(self, pin: bytes = PIN) -> None:
        """Play the citizen until the screen says done or failed."""
        citizen.play(self.screen(), pin)

    def answer(self, address: str, pin: bytes) -> None:
        """Type one PIN into the prompt that is open, whatever comes of it."""
        prompt = wait_for(lambda: _asked(address))
        citizen.answer(address, prompt, pin)

    def confirm_replacement(self, address: str) -> None:
        self.answer(address, b"")

    def type_pin_until_written(self, issuance: Issuance) -> None:
        """Play the citizen, and come back as soon as the certificate is being written."""
        threading.Thread(target=self.type_pin, daemon=True).start()
        self.waits_at(issuance, "writing")

    def kill(self, name: str) -> None:
        """End a program without a word, as a power cut would."""
        child = self.stack.children[name]
        os.kill(child.pid, signal.SIGKILL)
        wait_for(lambda: not child.running)

    def revive(self, name: str) -> None:
        self.stack.children[name].start()

    def ask_again(self, issuance: Issuance) -> None:
        """Do now what the sweep does after half a minute."""
        wait_for(lambda: self.address_file.unlink(missing_ok=True) or True)
        tasks.command.delay(str(issuance.pk))

    def waits_at(self, issuance: Issuance, stage: str) -> None:
        """Wait for the desk's word that it is at `stage`."""
        wait_for(lambda: Issuance.objects.get(pk=issuance.pk).progress.get("stage") == stage)

    def outcome(self, issuance: Issuance) -> tuple[str, str]:
        """Wait until the issuance stands still; return its stage and failure code."""

        def still() -> Issuance | None:
            found = Issuance.objects.get(pk=issuance.pk)
            return None if found.stage in {*RUNNING, Stage.PLANNED} else found

        found = wait_for(still)
        return found.stage, found.failure_code

    def confirmed(self, issuance: Issuance) -> Issuance:
        """Wait until every certificate of the case is on the card; return this one's issuance."""
        for each in queries.live(issuance.application):
            assert self.outcome(each) == (Stage.CONFIRMED, "")
        return Issuance.objects.get(pk=issuance.pk)


def _asked(address: str) -> int | None:
    """Return the number of the prompt that is open on the screen."""
    state = citizen.state_of(address)
    return None if state is None or state["state"] == "wait" else int(state["prompt"])


def wait_for(find: Callable[[], Found | None], patience: float = PATIENCE) -> Found:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        found = find()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("nothing came of it in time")

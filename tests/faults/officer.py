"""The officer at the counter: starts, puts the card back, goes on, gives up, starts again."""

import time
from collections.abc import Callable

from cardops import transport
from registration import tasks
from registration.management import walk
from registration.models import Application, Desk, Issuance, User
from registration.queries import issuances as queries
from registration.services import issuances, revocations
from registration.workflow import requests
from registration.workflow.issuance import RUNNING, Stage
from registration.workflow.states import State
from tests.faults.counter import Counter

PATIENCE = 90.0  # seconds for one point: much more than it takes on a busy machine
_HAND = 0.6  # seconds: the driver looks every 0.4, and never sees a card that is back sooner
_TIMES = 6  # that one goes on with an interrupted case


class HangingError(Exception):
    """The case came to no end."""


class Officer:
    """`stopped` is told each time that the making stands still, before anything is done."""

    def __init__(self, counter: Counter, case: str, stopped: Callable[[], None]) -> None:
        self._counter, self._case, self._stopped = counter, case, stopped
        self._user = User.objects.get(username="officer")
        self._card, self._resumed = counter.card, 0
        self.refusals: list[str] = []  # what was broken when another person's card lay there

    @property
    def case(self) -> Application:
        return Application.objects.get(pk=self._case)

    def start(self) -> None:
        case, desk = self.case, Desk.objects.get()
        option = requests.circled(case.procedure, case.pin_choice)
        started = issuances.start(case, desk, option=option, email=walk.EMAIL, by=self._user)
        tasks.command(str(started.pk))

    def carry_through(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Do what an officer does until the case is issued; HangingError when it will not be."""
        self._until(lambda: self.case.state == State.ISSUED and self._counter.idle, meanwhile)

    def wait_until_still(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Let everybody work until nothing runs any more."""
        deadline = time.monotonic() + PATIENCE
        while not self._still():
            self._let_work(deadline, meanwhile)

    def _still(self) -> bool:
        running = Issuance.objects.filter(application=self._case, stage__in=RUNNING).exists()
        return self._counter.idle and not running

    def _let_work(self, deadline: float, meanwhile: Callable[[], None]) -> None:
        if time.monotonic() > deadline:
            raise HangingError(self._standing())
        if not self._counter.work():
            meanwhile()
            if self._counter.idle:
                self._counter.sweep()

    def _until(self, ended: Callable[[], bool], meanwhile: Callable[[], None]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not ended():
            if self._still():
                self._stopped()
                self._go_on()
            else:
                self._let_work(deadline, meanwhile)

    def _go_on(self) -> None:
        self._resumed += 1
        if self._resumed > _TIMES:
            raise HangingError(self._standing())
        self.put_card_back()
        self._counter.say_hello()
        current = queries.current(self.case)
        if current is None:
            self.start()
        elif current.stage == Stage.INTERRUPTED:
            self._resume(current)
        else:
            raise HangingError(self._standing())

    def _resume(self, issuance: Issuance) -> None:
        resumed = issuances.resume(issuance, by=self._user)
        tasks.command(str(resumed.pk))

    def _standing(self) -> str:
        stages = [
            f"{each.role} {each.stage} {each.failure_code} {each.failure_facts}"
            for each in Issuance.objects.filter(application=self._case)
        ]
        return f"case {self.case.state}; {'; '.join(stages)}"

    def give_up(self) -> None:
        """End the making; what stands still is revoked."""
        revocations.give_up(self.case, "the card does not take it", by=self._user)

    # the card

    def put_card_back(self) -> None:
        """See to it that the card lies in the reader, and that the reader has seen it."""
        if not self._card.status()["inserted"]:
            _wait(lambda: not transport.card_present())
            time.sleep(_HAND)
            self._card.insert()
        _wait(transport.card_present)

    def put_in_another_persons_card(self) -> None:
        """Go on with another person's card; what comes of it is added to `refusals`."""
        own = self._card.card()
        strange = own | {"person": "marko", "keys": {}, "objects": {}}
        self._card.swap(strange)
        self.put_card_back()
        self._counter.say_hello()
        stopped = Issuance.objects.get(application=self._case, stage=Stage.INTERRUPTED)
        self._resume(stopped)
        self.wait_until_still()
        after = Issuance.objects.get(pk=stopped.pk)
        if (after.stage, after.failure_code) != (Stage.INTERRUPTED, "wrong-card"):
            self.refusals.append(f"another person's card: {self._standing()}")
        if self._card.card() != strange:
            self.refusals.append("another person's card was changed")
        self._card.remove()
        self._card.swap(own)


def _wait(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > deadline:
            raise HangingError("the reader does not see what was done to it")
        time.sleep(0.02)

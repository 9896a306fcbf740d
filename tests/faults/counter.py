"""Server and desk of one counter in one process, wired to each other without a broker."""

import queue
import threading
import time
from datetime import timedelta

from django.utils import timezone

from cardops.agent import VERSION
from cardops.agent.commands import Commands
from cardops.agent.configuration import Configuration
from cardops.agent.desk import Desk
from cardops.agent.post import Post
from cardops.errors import MessageError
from cardops.journal import Journal
from cardops.messages import Message
from cardops.virtual.control import Control
from config.celery import app
from registration import tasks
from registration.services import sweeps
from registration.services.answers import Then
from tests.faults import citizen
from tests.faults.place import Place

_LOOK, _MOMENT = 0.02, 0.002  # seconds
_STALLED = timedelta(seconds=180)  # after which the sweep asks again, whoever is being waited for
_HELLO = {
    "version": VERSION,
    "service": True,
    "readers": ["Virtual PCD 00 00"],
    "reader": "Virtual PCD 00 00",
    "card_present": True,
    "pin_pad": None,
    "profiles": ["piv"],
    "unsent": 0,
}
_TASKS = {
    Then.COMMAND: tasks.command,
    Then.ENROL: tasks.enrol,
    Then.CONCLUDE: tasks.conclude,
    Then.SUPERSEDE: tasks.supersede,
    Then.STOP: tasks.stop,
}


class _Commands(Commands):
    """Tells whether any command is left."""

    _at_work = False

    def get(self, timeout: float | None) -> Message | None:
        message = super().get(timeout)
        self._at_work = True
        return message

    def settle(self, message: Message) -> None:
        super().settle(message)
        self._at_work = False

    @property
    def none_left(self) -> bool:
        return self._queue.empty() and not self._at_work


class _Desk(Desk):
    def __init__(self, configuration: Configuration, journal: Journal, post: Post) -> None:
        super().__init__(configuration, journal, post)
        self._commands: _Commands = _Commands()

    @property
    def idle(self) -> bool:
        """Tell whether there is nothing to do; asked twice, for a command may just change hands."""
        none_left = self._commands.none_left
        time.sleep(_MOMENT)
        return none_left and self._commands.none_left


class Counter:
    """`work` is the server's worker: it takes one message at a time, in the caller's thread."""

    def __init__(self, place: Place, card: Control) -> None:
        configuration = Configuration.read(place.desk_file)
        self.journal = Journal(place.journal)
        self.card = card
        self.phases: list[tuple[str, int]] = []  # what the desk was told, after how many commands
        self._inbox: queue.Queue[str] = queue.Queue()
        self._post = Post(configuration, self.journal, self._inbox.put)
        self._desk = _Desk(configuration, self.journal, self._post)
        app.send_task = self._to_desk
        app.set_default()
        self._ended = threading.Event()
        threading.Thread(target=self._desk.run, daemon=True).start()
        threading.Thread(target=self._post.work, args=(self._ended,), daemon=True).start()
        citizen.sit_down(place.screen, place.said)
        self.say_hello()

    def say_hello(self) -> None:
        """Let the desk give a sign of life, after what it could not send before; take it in."""
        self._post.say("hello", _HELLO)
        self._post.flush()
        while self.work():
            pass

    def work(self) -> bool:
        """Take one message of the desk; tell whether there was one."""
        try:
            text = self._inbox.get(timeout=_LOOK)
        except queue.Empty:
            return False
        tasks.deliver(text)
        return True

    @property
    def idle(self) -> bool:
        return self._desk.idle and not self._post.unsent and self._inbox.empty()

    def sweep(self) -> None:
        """Do now what the sweep does after a while: ask again for what did not come."""
        self.say_hello()
        for following in sweeps.sweep(timezone.now() + _STALLED):
            _TASKS[following.then](following.issuance)

    def close(self) -> None:
        """End what was begun, once the desk has nothing left to do."""
        while not self.idle:
            self.work()
        self._ended.set()
        self._desk.put(None)
        self.journal.close()

    def _to_desk(self, _task: str, arguments: list[str], **_options: object) -> None:
        try:
            message = self._post.accept(arguments[0])
        except MessageError:
            return
        phase = f"{message.type} {message.body.get('role', '')}".strip()
        self.phases.append((phase, self.card.status()["commands"]))
        self._desk.put(message)

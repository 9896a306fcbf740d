"""A counter PC with the desk's real program, a real broker, and the server played by the test."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any, TypeVar

import redis
from celery import Celery

from cardops import messages
from cardops.messages import Keys, Message

Found = TypeVar("Found")


@dataclass
class Broker:
    """A redis-server on a socket, whose queues survive it."""

    folder: Path
    options: tuple[str, ...] = ()
    said: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # by desk
    taking: threading.Lock = field(default_factory=threading.Lock)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        return self.folder / "redis.sock"

    @property
    def address(self) -> str:
        return f"redis+socket://{self.socket}"

    def start(self) -> None:
        where = ["--port", "0", "--unixsocket", str(self.socket), "--dir", str(self.folder)]
        kept = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        command = ["redis-server", *where, *kept, *self.options]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_for(lambda: self.socket.exists() and self.client().ping())

    def client(self, **account: str) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self.socket), **account)

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self.socket.unlink(missing_ok=True)

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        assert self._process
        os.kill(self._process.pid, number)


@dataclass
class CounterPC:
    """One desk's program; the test holds the server's keys and end of the broker."""

    folder: Path
    broker: Broker
    code: str = "desk-1"
    settings: dict[str, Any] = field(default_factory=dict)
    server: Keys = field(default_factory=Keys.generate)
    pcscd: Path | None = None  # the service's socket, where not the test run's own
    last: int = 0
    _process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.home = self.folder / self.code
        self.home.mkdir()
        facts = {
            "code": self.code,
            "broker": self.broker.address,
            "folder": str(self.home),
            "server": self.server.public.to_json(),
            "browser": ["true", "{url}"],
        }
        self.configuration = self.home / "desk.json"
        self.configuration.write_text(json.dumps(facts | self.settings))
        self.keys = Keys.from_json(self._enrolled())
        self.app = Celery(f"test-{self.code}", broker=self.broker.address, set_as_current=False)

    def _enrolled(self) -> dict[str, str]:
        command = [sys.executable, "-m", "cardops.agent", "enrol", "--config"]
        subprocess.run([*command, str(self.configuration)], check=True, capture_output=True)
        kept: dict[str, str] = json.loads((self.home / "keys.json").read_text())
        return kept

    # the program

    def start(self) -> None:
        environment = os.environ | {"PYTHONWARNINGS": "ignore:You're running the worker"}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        if self.pcscd:
            environment["PCSCLITE_CSOCK_NAME"] = str(self.pcscd)
        command = [sys.executable, "-m", "cardops.agent", "--config", str(self.configuration)]
        with (self.home / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, env=environment, stdout=log, stderr=subprocess.STDOUT
            )

    def kill(self) -> None:
        """End the program without a word, as a power cut would."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def stop(self) -> int:
        assert self._process
        self._process.terminate()
        return self._process.wait(15)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def log(self) -> str:
        return (self.home / "log").read_text()

    # the server's side

    def envelope(
        self,
        kind: str,
        body: Any = None,
        *,
        sender: Keys | None = None,
        receiver: Keys | None = None,
        **header: Any,
    ) -> str:
        now = time.time()
        self.last = messages.next_sequence(self.last, now)
        facts: dict[str, Any] = {
            "desk": self.code,
            "type": kind,
            "message_id": messages.new_id(),
            "sequence": self.last,
            "issued_at": now,
            "expires_at": now + 120,
            "body": body or {},
        }
        nothing = {"case": "", "issuance": "", "step": ""}
        message = Message(**(nothing | facts | header))
        sender, receiver = sender or self.server, receiver or self.keys
        return messages.seal(message, sender=sender, receiver=receiver.public)

    def send(self, *arguments: Any, task: str = "overa.desk.deliver", **how: Any) -> None:
        self.app.send_task(task, arguments, queue=f"desk.{self.code}", **how)

    def ask(self, kind: str, body: Any = None, **header: Any) -> None:
        self.send(self.envelope(kind, body, **header))

    def lose(self, text: str) -> str:
        """Send what a program takes and dies over; return the tag under which Redis keeps it."""
        self.send(text)
        queue, broker = f"desk.{self.code}", self.broker.client()
        raw = broker.rpop(queue)
        assert isinstance(raw, bytes)
        tag = messages.new_id()
        broker.hset(f"{queue}.unacked", tag, json.dumps([json.loads(raw), "", queue]))
        broker.zadd(f"{queue}.unacked_index", {tag: time.time() - 121})
        return tag

    def heard(self) -> list[Message]:
        """Take out what this desk said since the last time."""
        with self.broker.taking:
            with self.app.connection_for_read() as connection:
                queue = connection.SimpleQueue("server", no_ack=True)
                for text in _taken(queue):
                    self.broker.said[messages.desk_of(text)].append(text)
                queue.close()
            mine = self.broker.said.pop(self.code, [])
        return [self._opened(text) for text in mine]

    def _opened(self, text: str) -> Message:
        return messages.open_envelope(
            text, receiver=self.server, sender=self.keys.public, desk=self.code, now=time.time()
        )

    def hears(self, kind: str, patience: float = 40.0, **facts: Any) -> Message:
        """Wait for a message of this kind whose body says what is given here."""

        def found() -> Message | None:
            said = [each for each in self.heard() if each.type == kind]
            return next((each for each in said if facts.items() <= each.body.items()), None)

        return wait_for(found, patience)


def _taken(queue: Any) -> Iterator[str]:
    while True:
        try:
            yield queue.get_nowait().payload[0][0]
        except Empty:
            return


def wait_for(find: Callable[[], Found | None], patience: float = 40.0) -> Found:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            found = find()
        except (OSError, redis.ConnectionError):
            found = None
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("nothing came of it in time")


@contextmanager
def at_work(**settings: Any) -> Iterator[CounterPC]:
    """Give a counter PC with a broker that runs, its program not yet started."""
    with tempfile.TemporaryDirectory(prefix="overa-") as folder:
        broker = Broker(Path(folder))
        broker.start()
        counter = CounterPC(Path(folder), broker, settings=settings)
        try:
            yield counter
        finally:
            counter.kill()
            counter.app.pool.force_close_all()
            broker.kill()

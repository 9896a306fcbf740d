"""One counter's programs: broker, task worker, desk agent, card, web server."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib import error, request

from cardops import errors, transport
from cardops.virtual import service
from cardops.virtual.control import Control
from config.supervisor.processes import Child

ROOT = Path(__file__).parents[2]
DESK = "desk-1"
OFFICE = "071"

_MANAGE = str(ROOT / "manage.py")
_PATIENCE = 30.0  # seconds until a program must answer
_PORTS = 20  # are tried, from the first on
_CELERY = ["-m", "celery", "--quiet", "-A", "config.celery"]
_WORKER = [*_CELERY, "worker", "--pool", "solo", "-Q", "server,tasks", "-l", "WARNING"]
_SCANS = [*_CELERY, "worker", "--pool", "solo", "-Q", "scans", "-l", "WARNING"]
_LONG = [*_CELERY, "worker", "--pool", "solo", "-Q", "long", "-l", "WARNING", "-n", "long@%h"]
_BEAT = [*_CELERY, "beat", "-l", "WARNING", "--pidfile="]


class Stack:
    """Runs while the `with` block does; all that it writes lies in `folder`.

    `virtual`: a virtual card instead of a reader. `citizen`: the command that plays the citizen,
    None for a person. `prepare`: make the database where there is none. `logs`: the desk's
    output goes to a file in `folder/log` too, as that of the others does.
    """

    def __init__(
        self,
        folder: Path,
        *,
        web: bool = True,
        virtual: bool = True,
        citizen: Sequence[str] | None = None,
        logs: bool = False,
        settings: str = "config.settings.development",
        prepare: bool = True,
    ) -> None:
        self.folder = folder.resolve()
        self._web, self._virtual, self._citizen, self._logs = web, virtual, citizen, logs
        self._prepares = prepare
        self._run = Path(tempfile.mkdtemp(prefix="overa-"))  # sockets want short paths
        self._card: subprocess.Popen[str] | None = None
        self.children: dict[str, Child] = {}
        self.address = ""
        self.environment = os.environ | {
            "OVERA_VAR": str(self.folder),
            "OVERA_BROKER": f"redis+socket://{self._run}/redis.sock",
            "DJANGO_SETTINGS_MODULE": settings,
            # Celery warns of a worker that root runs; here nothing else is on the machine.
            "PYTHONWARNINGS": "ignore:You're running the worker",
        }
        if virtual:
            socket_path = service.socket_path(self.card_folder)
            self.environment["PCSCLITE_CSOCK_NAME"] = str(socket_path)

    @property
    def card_folder(self) -> Path:
        """Where the virtual card's service listens; `cardops.virtual.control` wants it."""
        return self._run / "card"

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def keep_up(self) -> None:
        """Start again what fell."""
        for child in self.children.values():
            child.keep_up()

    def _start(self) -> None:
        for name in ("run", "log", "redis", "desk", "static"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        if self._virtual:
            self.card_folder.mkdir()
            memory = self.folder / "card.json"
            self._card = service.start(self.card_folder, state_file=memory)
        self._add("redis", _redis(self._run, self.folder / "redis"))
        _wait_for("redis", self._redis_answers)
        self._prepare()
        self._enrol()
        self._add("worker", [sys.executable, *_WORKER])
        self._add("desk", [sys.executable, "-m", "cardops.agent", *self._desk_config])
        if self._web:
            self._serve()
            self._publish()
        for number in range(1, max(2, os.cpu_count() or 1)):  # all cores but one
            self._add(f"scans-{number}", [sys.executable, *_SCANS, "-n", f"scans-{number}@%h"])
        self._add("long", [sys.executable, *_LONG])
        self._add("beat", [sys.executable, *_BEAT])

    def _add(self, name: str, command: Sequence[str]) -> None:
        spoken = name == "desk" and not self._logs  # it tells the citizen screen's address
        log = None if spoken else self.folder / "log" / f"{name}.log"
        self.children[name] = Child(name, command, self.environment, log)
        self.children[name].start()

    def _stop(self) -> None:
        for child in reversed(self.children.values()):
            child.stop()
        if self._card:
            service.stop(self._card)
        shutil.rmtree(self._run, ignore_errors=True)

    def _prepare(self) -> None:
        """Make the database of a new folder, with the people of the demo office."""
        if self._prepares and not (self.folder / "overa.sqlite3").exists():
            self._run_python(_MANAGE, "migrate", "-v", "0")
            self._run_python(_MANAGE, "demo_data")

    # the desk

    @property
    def _desk_file(self) -> Path:
        return self.folder / "desk" / "desk.json"

    @property
    def _desk_config(self) -> list[str]:
        return ["--config", str(self._desk_file)]

    def _enrol(self) -> None:
        """Make the desk and the server known to each other; repeatable."""
        facts = {
            "code": DESK,
            "broker": self.environment["OVERA_BROKER"],
            "folder": str(self.folder / "desk"),
            "browser": self._citizen,
            "locale_folder": str(ROOT / "locale"),
            "identity_cas": self._identity_cas(),
            "certificate_cas": str(self.folder / "ca"),  # of the embedded body
        }
        self._desk_file.write_text(json.dumps(facts))
        keys = self.folder / "desk" / "public.json"
        keys.write_text(self._run_python("-m", "cardops.agent", "enrol", *self._desk_config))
        place = ["--code", DESK, "--name", "Шалтер 1", "--office", OFFICE, "--keys", str(keys)]
        server = self._run_python(_MANAGE, "desk_enrol", *place)
        self._desk_file.write_text(json.dumps(facts | {"server": json.loads(server)}))

    def _identity_cas(self) -> str:
        """Let the desk trust what lies in `desk/identity-cas`, and the virtual card's ministry."""
        folder = self.folder / "desk" / "identity-cas"
        folder.mkdir(exist_ok=True)
        synthetic = folder / "synthetic.pem"
        synthetic.unlink(missing_ok=True)
        if self._virtual:
            synthetic.write_text(Control(self.card_folder).status()["ministry"])
        return str(folder)

    def _run_python(self, *arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, env=self.environment, stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout

    # redis, web

    def _redis_answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(self._run / "redis.sock"))
            connection.sendall(b"PING\r\n")
            return connection.recv(7) == b"+PONG\r\n"

    def _serve(self) -> None:
        port = next(_free_ports())
        self.address = f"http://127.0.0.1:{port}/"
        command = [sys.executable, _MANAGE, "runserver", "--noreload"]
        self._add("web", [*command, f"127.0.0.1:{port}"])
        _wait_for("web", self._web_answers)

    def _publish(self) -> None:
        """Let the workers that start now ask the embedded body where the web server shows it."""
        for name, page in (("OCSP", "ocsp"), ("CRL", "issuing.crl")):
            address = f"{self.address}authority/{page}"
            self.environment.setdefault(f"OVERA_STATUS_{name}", address)

    def _web_answers(self) -> bool:
        try:
            with request.urlopen(f"{self.address}login/", timeout=5):  # noqa: S310 our own loopback
                return True
        except error.HTTPError:
            return True


def real_reader() -> bool:
    """Tell whether the machine has a smart-card reader of its own."""
    try:
        return bool(transport.readers())
    except errors.CardopsError:
        return False


def _redis(run: Path, data: Path) -> list[str]:
    where = ["--port", "0", "--unixsocket", str(run / "redis.sock"), "--unixsocketperm", "700"]
    kept = ["--dir", str(data), "--appendonly", "yes", "--save", ""]
    return ["redis-server", *where, *kept, "--loglevel", "warning"]


def _free_ports() -> Iterator[int]:
    first = int(os.environ.get("OVERA_PORT", "8000"))
    for port in range(first, first + _PORTS):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                yield port
    raise RuntimeError("no free port on this machine: end another counter first")


def _wait_for(name: str, answers: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            if answers():
                return
        except OSError:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{name} does not answer: see its output") from None
        time.sleep(0.05)

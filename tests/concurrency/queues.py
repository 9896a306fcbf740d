"""A broker that nobody listens to: what was sent to workers and desks stays there to be counted."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import Any

from celery import Celery
from kombu.simple import SimpleQueue

_PATIENCE = 10.0  # seconds


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Run a Redis on a socket in `folder`, which must not lie deep; yield its address."""
    socket = folder / "redis.sock"
    where = ["--port", "0", "--unixsocket", str(socket), "--dir", str(folder), "--save", ""]
    with subprocess.Popen(["redis-server", *where], stdout=subprocess.DEVNULL) as server:
        try:
            _wait_for(socket)
            yield f"redis+socket://{socket}"
        finally:
            server.terminate()


def _wait_for(socket: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while not socket.exists():
        assert time.monotonic() < until, "redis did not start"
        time.sleep(0.02)


class Queues:
    def __init__(self, app: Celery) -> None:
        self._app = app

    def tasks(self) -> list[tuple[str, list[Any]]]:
        """Take out what workers are to do: each task's name with its arguments."""
        return self._take("tasks")

    def commands(self, desk: str) -> list[str]:
        """Take out the envelopes that a desk is to open."""
        return [arguments[0] for _name, arguments in self._take(f"desk.{desk}")]

    def _take(self, name: str) -> list[tuple[str, list[Any]]]:
        with self._app.connection_for_read() as connection:
            queue = connection.SimpleQueue(name, no_ack=True)
            taken = list(_messages(queue))
            queue.close()
        return taken


def _messages(queue: SimpleQueue) -> Iterator[tuple[str, list[Any]]]:
    while True:
        try:
            message = queue.get_nowait()
        except Empty:
            return
        yield message.headers["task"], message.payload[0]

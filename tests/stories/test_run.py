"""`make run`: everything comes up, what falls comes back, Ctrl-C ends all of it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib import request

import pytest

from config.supervisor.stack import ROOT

pytestmark = pytest.mark.stack


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {
        "OVERA_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings.development",
    }
    environment.pop("PCSCLITE_CSOCK_NAME", None)  # of this test run's own pcscd
    running = subprocess.Popen(
        [sys.executable, "-m", "config.supervisor"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield running
    if running.poll() is None:
        running.terminate()
        running.wait(30)
    running.stdout.close()


def address(counter: subprocess.Popen[str]) -> str:
    for line in counter.stdout:
        if line.startswith("Overa: "):
            return line.removeprefix("Overa: ").strip()
    raise AssertionError("the counter did not come up")


def family(pid: int) -> dict[int, str]:
    """Return the commands of all processes below one, by their ids."""
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    below, found = {pid}, {}
    for _generation in range(4):
        found |= {int(own): args for own, parent, args in rows if int(parent) in below}
        below |= set(found)
    return found


def others(pid: int, killed: int) -> dict[int, str]:
    """Return the family without the one that was killed, which may be listed a moment longer."""
    return {own: args for own, args in family(pid).items() if own != killed}


def test_the_counter_comes_up_heals_and_ends(counter: subprocess.Popen[str]) -> None:
    page = address(counter)
    with request.urlopen(page, timeout=10) as answer:  # noqa: S310 our own loopback
        assert answer.url.endswith("/login/?next=/")
    with request.urlopen(f"{page}authority/issuing.crl", timeout=10) as published:  # noqa: S310
        assert published.headers["Content-Type"] == "application/pkix-crl"
    agent = next(pid for pid, args in family(counter.pid).items() if "cardops.agent" in args)
    os.kill(agent, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while not any("cardops.agent" in args for args in others(counter.pid, agent).values()):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    children = others(counter.pid, agent)
    for program in ("redis-server", "celery", "beat", "runserver", "cardops.agent"):
        assert any(program in args for args in children.values()), program

    counter.send_signal(signal.SIGINT)
    assert counter.wait(40) == 0
    assert [args for pid, args in children.items() if Path(f"/proc/{pid}").exists()] == []

"""Two askers at once, and a process killed at every single step: still one certificate."""

import itertools
import multiprocessing
import os
from collections.abc import Callable
from multiprocessing import queues, synchronize
from pathlib import Path
from typing import Any

from registration.ca.base import EnrolmentRequest
from registration.ca.embedded.authority import EmbeddedCA
from tests.ca.cards import NOW, Card

FORK = multiprocessing.get_context("fork")
KILLED = 9
STEPS = ("mkdir", "open", "fsync", "link", "unlink", "rename")


def connect(folder: Path) -> EmbeddedCA:
    return EmbeddedCA(folder, clock=lambda: NOW)


def issued(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.glob("ledger/certificates/*.cer")]


def ask_together(
    folder: Path,
    request: EnrolmentRequest,
    barrier: synchronize.Barrier,
    answers: queues.SimpleQueue[bytes],
) -> None:
    barrier.wait()
    answers.put(connect(folder).enrol(request).certificate)


def test_askers_at_the_same_time_get_one_certificate(tmp_path: Path) -> None:
    request, barrier, answers = Card().request(), FORK.Barrier(4), FORK.SimpleQueue()
    askers = [
        FORK.Process(target=ask_together, args=(tmp_path, request, barrier, answers))
        for _ in range(4)
    ]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join(30)
    assert [asker.exitcode for asker in askers] == [0] * 4
    received = [answers.get() for _ in askers]
    assert issued(tmp_path) == [received[0]]
    assert received == received[:1] * 4
    assert len(list(tmp_path.glob("ledger/entries/*.json"))) == 1


def ask_and_die(folder: Path, request: EnrolmentRequest, last_step: int) -> None:
    """Ask for the certificate, but be dead before step number `last_step` touches the disk."""
    steps = itertools.count(1)

    def deadly(act: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **kwargs: Any) -> Any:
            if next(steps) == last_step:
                os._exit(KILLED)
            return act(*args, **kwargs)

        return step

    for name in STEPS:
        setattr(os, name, deadly(getattr(os, name)))
    connect(folder).enrol(request)
    os._exit(0)


def killed_at(folder: Path, request: EnrolmentRequest, step: int) -> bool:
    child = FORK.Process(target=ask_and_die, args=(folder, request, step))
    child.start()
    child.join(30)
    assert child.exitcode in {0, KILLED}
    return child.exitcode == KILLED


def test_a_kill_at_any_step_leaves_one_certificate(tmp_path: Path) -> None:
    request = Card().request()
    for step in itertools.count(1):
        folder = tmp_path / str(step)
        killed = killed_at(folder, request, step)
        before = issued(folder)
        certificate = connect(folder).enrol(request).certificate
        assert issued(folder) == [certificate]
        assert before in ([], [certificate])
        assert connect(folder).lookup(request.key).certificate == certificate
        if not killed:
            break
    assert before == [certificate]
    assert step > 30


def test_a_promise_signed_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    request = Card().request()
    certificate = connect(tmp_path).enrol(request).certificate
    for path in tmp_path.glob("ledger/certificates/*.cer"):
        path.unlink()  # as if the first signer had died before keeping it
    assert connect(tmp_path).enrol(request).certificate == certificate

"""Runs things truly at once: threads with connections of their own, held back before writing."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from archive.services import audit

PATIENCE = 40.0  # seconds; whoever waits longer stands in a deadlock
_LOCKS = ("FOR UPDATE", "FOR NO KEY UPDATE")


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Return what each act returned or raised, in their order.

    Nobody writes, locks or (on SQLite) begins a transaction before everybody has read what can be
    read without: each decides upon what it saw before the others wrote.
    """
    line = threading.Barrier(len(acts), timeout=PATIENCE)
    with ThreadPoolExecutor(len(acts)) as pool:
        running = [pool.submit(_run, act, line) for act in acts]
    return [each.result() for each in running]


def just_before(first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """Return the same of two acts, the first of which is committed when the second has read.

    The second has decided what to lock upon what it saw before, and locks it afterwards.
    """
    line = threading.Barrier(2, timeout=PATIENCE)

    def ahead() -> Any:
        with audit.transaction():
            done = first()
            _arrive(line)
        return done

    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(_outcome, ahead, line), pool.submit(_run, second, line)]
    return [each.result() for each in running]


def _run(act: Callable[[], Any], line: threading.Barrier) -> Any:
    with connection.execute_wrapper(_HeldBack(line)):
        return _outcome(act, line)


def _outcome(act: Callable[[], Any], line: threading.Barrier) -> Any:
    try:
        return act()
    except Exception as fault:  # noqa: BLE001 - what was raised is what the test asks about
        return fault
    finally:
        line.abort()  # whoever ended without a write keeps nobody waiting
        connection.close()


class _HeldBack:
    """Waits for the others before the first statement that could keep them waiting."""

    def __init__(self, line: threading.Barrier) -> None:
        self._line, self._passed = line, False

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Sequence[Any] | Mapping[str, Any] | None,
        many: bool,  # noqa: FBT001 - Django's
        context: Mapping[str, Any],
    ) -> Any:
        if not self._passed and _commits_itself(sql):
            self._passed = True
            _arrive(self._line)
        return execute(sql, params, many, context)


def _commits_itself(sql: str) -> bool:
    return not sql.startswith("SELECT") or any(lock in sql for lock in _LOCKS)


def _arrive(line: threading.Barrier) -> None:
    try:
        line.wait()
    except threading.BrokenBarrierError:
        return

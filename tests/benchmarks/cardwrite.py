"""Issuing onto a card, beside yubikit, and what we add: `python -m tests.benchmarks.cardwrite`."""

import logging
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cardops.virtual import service
from cardops.virtual.control import Control

KINDS = ("P-256", "RSA-2048")
ROUNDS = 5


def main() -> int:
    logging.disable(logging.INFO)  # yubikit tells each step
    with tempfile.TemporaryDirectory(prefix="overa-bench-") as folder:
        counter = Path(folder) / "counter"
        os.environ |= {
            "OVERA_VAR": str(counter),
            "DJANGO_SETTINGS_MODULE": "config.settings.development",
        }
        return _compare(counter)


def _compare(folder: Path) -> int:
    from tests.benchmarks import apdus, overhead  # noqa: PLC0415 settings want the folder first

    with _reader() as card:
        counted = {kind: apdus.both(card, kind) for kind in KINDS}
    for kind, (ours, theirs) in counted.items():
        _print_counts(kind, ours.lines(), theirs.lines())
    made = overhead.measured(folder, ROUNDS)
    for each in made:
        print(
            f"  click to confirmed {each.total:.2f} s, card {each.card:.2f}, body {each.body:.2f}"
        )
    ours, theirs = counted[KINDS[0]]
    share = statistics.median(each.share for each in made)
    print(f"cardwrite: {ours.worked}/{theirs.worked} apdus, overhead {share:.1%}")
    return 0


@contextmanager
def _reader() -> Iterator[Control]:
    with tempfile.TemporaryDirectory(prefix="overa-") as folder:
        process = service.start(Path(folder))
        os.environ["PCSCLITE_CSOCK_NAME"] = str(service.socket_path(Path(folder)))
        try:
            yield Control(Path(folder))
        finally:
            service.stop(process)


def _print_counts(kind: str, ours: list[str], theirs: list[str]) -> None:
    print(f"{kind}, two certificates onto a blank card")
    for who, lines in (("ours", ours), ("yubikit", theirs)):
        for line in lines:
            print(f"  {who:8} {line}")


if __name__ == "__main__":
    sys.exit(main())

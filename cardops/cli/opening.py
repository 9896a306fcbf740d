"""The card that the command line names, for as long as a verb works with it."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from cardops import transport
from cardops.channel import Channel, Tracer
from cardops.diagnose import readers
from cardops.transport import Connection


@contextmanager
def opened(chosen: argparse.Namespace, *, reset: bool = False) -> Iterator[Channel]:
    with held(chosen, reset=reset) as connection:
        yield Channel(connection, tracer(chosen))


def held(chosen: argparse.Namespace, *, reset: bool = False) -> AbstractContextManager[Connection]:
    return transport.hold(reader(chosen), reset=reset)


def reader(chosen: argparse.Namespace) -> str:
    """Return the reader that is named, else the first real one with a card."""
    return readers.choose(transport.states(), chosen.reader)


def tracer(chosen: argparse.Namespace) -> Tracer | None:
    return _to_standard_error if chosen.trace else None


def _to_standard_error(line: str) -> None:
    sys.stderr.write(f"{line}\n")

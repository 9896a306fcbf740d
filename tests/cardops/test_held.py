"""A card that another program holds: nobody waits for it for ever."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from cardops import errors, transport
from cardops.transport import bounded, pcsc
from cardops.virtual.control import Control

pytestmark = pytest.mark.card

HOLDER = """
import sys
from cardops import transport
connection = transport.connect()
with connection.transaction():
    print("held", flush=True)
    sys.stdin.readline()
connection.close(reset=False)
"""


@contextmanager
def another_program() -> Iterator[None]:
    """Hold the card meanwhile."""
    command = [sys.executable, "-c", HOLDER]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True) as holder:
        assert holder.stdin
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        yield
        holder.stdin.write("enough\n")
        holder.stdin.close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "PATIENCE", 0.5)


def waiting() -> int:
    return [each.name for each in threading.enumerate()].count("pcsc")


def settled() -> None:
    """Wait until every call that was left behind has come back."""
    deadline = time.monotonic() + 10
    while waiting():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_card_that_is_held_is_named_and_free_again_afterwards(card: Control) -> None:
    with another_program():
        with pytest.raises(errors.CardSharedError):
            transport.connect()
        assert transport.card_present()  # looking is no holding
    settled()
    connection = transport.connect()
    with connection.transaction():
        connection.require_alive()
    connection.close()


def test_a_card_that_is_taken_between_is_named_and_can_be_left(card: Control) -> None:
    connection = transport.connect()
    with another_program():
        with pytest.raises(errors.CardSharedError), connection.transaction():
            raise AssertionError("it is held")
        connection.close()
    settled()
    again = transport.connect()
    with again.transaction():
        again.require_alive()
    again.close()


def test_a_card_that_is_held_can_be_left(card: Control) -> None:
    connection = transport.connect()
    with another_program():
        connection.close()
        assert waiting() == 1
    settled()


def test_a_reader_that_could_be_two_is_none(card: Control) -> None:
    first, second = transport.readers()
    assert transport.look(first).card_present
    assert not transport.look(second).card_present
    assert transport.look("Virtual PCD").reader is None  # which of the two?
    with pytest.raises(errors.NoReaderError) as named:
        transport.connect("Virtual PCD")
    assert named.value.facts == {"wanted": "Virtual PCD", "readers": [first, second]}
    with pytest.raises(errors.NoCardError):
        transport.connect(second)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("A 00 00", ["A 00 00"]), ("B", ["B 01 00"]), ("A", []), ("C", []), ("B 01 00 x", [])],
)
def test_a_reader_is_known_without_its_numbers(wanted: str, found: list[str]) -> None:
    assert pcsc.meant(wanted, ["A 00 00", "A 00 01", "B 01 00"]) == found

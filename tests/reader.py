"""The one pcscd of a test run, with a virtual card in it; its library remembers one address.

Its reader has a pin pad while a test plugs one in: see `tests.pinpad`.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cardops import transport
from cardops.virtual import service
from cardops.virtual.control import Control
from tests.pinpad import driver


@pytest.fixture(scope="session")
def reader() -> Iterator[Control]:
    """Start the service once, in a folder with the short path that sockets want."""
    with tempfile.TemporaryDirectory(prefix="overa-") as folder:
        process = service.start(Path(folder), driver=driver.build(Path(folder)))
        os.environ["PCSCLITE_CSOCK_NAME"] = str(service.socket_path(Path(folder)))
        yield Control(Path(folder))
        service.stop(process)


def put_in(reader: Control, person: str = "milica", **kind: object) -> None:
    """Put another, blank card in, once pcscd has seen the last one leave."""
    take_out(reader)
    reader.new_card(person, **kind)
    wait_until(transport.card_present)


def put_back(reader: Control) -> None:
    reader.insert()
    wait_until(transport.card_present)


def take_out(reader: Control) -> None:
    reader.remove()
    wait_until(lambda: not transport.card_present())


def wait_until(true: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)

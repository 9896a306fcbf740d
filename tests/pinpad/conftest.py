"""A blank card in a reader whose pad is plugged in, and a citizen at its keys."""

from collections.abc import Iterator

import pytest

from cardops import transport
from cardops.cards.piv import PivCard
from cardops.channel import Channel
from cardops.pin.pinpad import PinPad
from cardops.transport import Connection
from cardops.virtual.control import Control
from tests.pinpad.pad import Citizen, plugged_in
from tests.reader import put_in


@pytest.fixture
def card(reader: Control) -> Control:
    reader.clear_faults()
    put_in(reader)
    return reader


@pytest.fixture
def citizen(card: Control) -> Iterator[Citizen]:
    with plugged_in(card.folder, Citizen()) as citizen:
        yield citizen


@pytest.fixture
def connection(card: Control) -> Iterator[Connection]:
    connected = transport.connect()
    yield connected
    connected.close()


@pytest.fixture
def pad(citizen: Citizen, connection: Connection) -> PinPad:
    found = PinPad.find(connection, seconds=1)
    assert found is not None
    return found


@pytest.fixture
def piv(connection: Connection) -> PivCard:
    found = PivCard.probe(Channel(connection))
    assert found is not None
    return found

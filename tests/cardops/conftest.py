"""A card in the reader, a connection to it, its PIV application."""

from collections.abc import Iterator

import pytest

from cardops import transport
from cardops.cards.piv import PivCard
from cardops.channel import Channel
from cardops.transport import Connection
from cardops.virtual.control import Control
from tests.cardops import applications
from tests.reader import put_in


@pytest.fixture
def card(reader: Control) -> Control:
    reader.clear_faults()
    put_in(reader)
    return reader


@pytest.fixture
def connection(card: Control) -> Iterator[Connection]:
    connected = transport.connect()
    yield connected
    connected.close()


@pytest.fixture
def piv(connection: Connection) -> PivCard:
    return applications.piv(Channel(connection))

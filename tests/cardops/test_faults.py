"""What a reader and a card do wrong, each with its own error."""

import os
import subprocess
import sys
import time

import pytest

from cardops import errors, transport
from cardops.cards.piv import FACTORY_MANAGEMENT_KEY, PivCard
from cardops.cards.profile import Role
from cardops.channel import Channel
from cardops.virtual.control import Control
from tests.cardops import applications
from tests.reader import put_back, take_out, wait_until

pytestmark = pytest.mark.card


def test_a_card_pulled_in_the_middle_is_named_and_goes_on_when_it_is_back(
    piv: PivCard, card: Control
) -> None:
    piv.authenticate(FACTORY_MANAGEMENT_KEY)
    card.fault("pull", ins=0xDB, at=3)
    with pytest.raises(errors.CardRemovedError):
        piv.write_certificate(Role.SIGNING, bytes(1500))
    wait_until(lambda: not transport.card_present())
    put_back(card)
    again = transport.connect()
    try:
        assert applications.piv(Channel(again)).read_certificate(Role.SIGNING) is None
    finally:
        again.close()


def test_an_empty_reader_is_named(card: Control) -> None:
    take_out(card)
    with pytest.raises(errors.NoCardError):
        transport.connect()
    with pytest.raises(errors.NoCardError):
        transport.connect(transport.readers()[0])


def test_a_reader_that_is_not_there_is_named(card: Control) -> None:
    with pytest.raises(errors.NoReaderError):
        transport.connect("A reader of another desk")


def test_a_full_card_is_named(piv: PivCard, card: Control) -> None:
    piv.authenticate(FACTORY_MANAGEMENT_KEY)
    card.fault("status", ins=0xDB, at=1, sw=0x6A84)
    with pytest.raises(errors.NoSpaceError):
        piv.write_certificate(Role.SIGNING, bytes(100))


def test_a_slow_card_is_waited_for(piv: PivCard, card: Control) -> None:
    card.fault("slow", ins=0xCB, seconds=1.0)
    started = time.monotonic()
    assert piv.read_certificate(Role.SIGNING) is None
    assert time.monotonic() - started >= 1.0


def test_without_pcscd_the_service_is_named() -> None:
    program = "from cardops import transport; transport.readers()"
    environment = os.environ | {"PCSCLITE_CSOCK_NAME": "/nonexistent/pcscd.comm"}
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stderr.splitlines()[-1].startswith("cardops.errors.ServiceDownError")

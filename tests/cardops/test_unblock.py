"""Obrazac 2 at the card: a blocked PIN works again, and no try of the PUK is ever risked."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cardops import errors, transport
from cardops.cards.piv import FACTORY_PUK, PivCard
from cardops.personalise import administration
from cardops.virtual.control import Control
from tests.cardops import unblocking
from tests.cardops.unblocking import PIN, PUK
from tests.reader import put_back, put_in, wait_until

pytestmark = pytest.mark.card

UNBLOCK, VERIFY = 0x2C, 0x20
_KILLED = """
import os, pathlib, signal, sys
from cardops.journal import Journal
from tests.cardops import unblocking
Journal.finish_unblocking = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
unblocking.perform(unblocking.order("keep"), pathlib.Path(sys.argv[1]))
"""
TRANSPORT = b"123456"


@pytest.fixture
def blocked(card: Control) -> Control:
    """A card of this office whose citizen has forgotten the PIN."""
    unblocking.give_own_puk()
    unblocking.block()
    return card


def puk_left() -> int | None:
    with unblocking.card() as piv:
        return piv.puk_status().tries_left


def test_a_blocked_card_takes_the_new_pin_that_the_citizen_types(
    blocked: Control, tmp_path: Path
) -> None:
    asked: list[str] = []
    done = unblocking.perform(unblocking.order(), tmp_path, shown=asked)
    assert done == {"before": False, "pin_entries": 1, "puk_replaced": False}
    assert (asked, unblocking.works(PIN), puk_left()) == (["choose"], True, 3)


def test_a_pin_that_is_kept_is_typed_again_even_when_it_is_easy_to_guess(
    blocked: Control, tmp_path: Path
) -> None:
    asked: list[str] = []
    unblocking.perform(unblocking.order("keep"), tmp_path, shown=asked, pin=TRANSPORT)
    assert (asked, unblocking.works(TRANSPORT)) == (["keep"], True)


def test_a_forgotten_pin_is_changed_before_it_is_blocked(card: Control, tmp_path: Path) -> None:
    unblocking.perform(unblocking.order(), tmp_path)
    assert unblocking.works(PIN)


def test_nothing_is_kept_that_is_not_blocked(card: Control, tmp_path: Path) -> None:
    with pytest.raises(errors.PinNotBlockedError):
        unblocking.perform(unblocking.order("keep"), tmp_path)


def test_the_same_order_again_says_that_it_is_done(blocked: Control, tmp_path: Path) -> None:
    unblocking.perform(unblocking.order(), tmp_path)
    again = unblocking.perform(unblocking.order(), tmp_path)
    assert again == {"before": True, "pin_entries": 0, "puk_replaced": False}


def test_a_card_that_is_blocked_once_more_is_unblocked_once_more(
    blocked: Control, tmp_path: Path
) -> None:
    unblocking.perform(unblocking.order(), tmp_path)
    unblocking.block()
    assert not unblocking.perform(unblocking.order(), tmp_path)["before"]
    assert unblocking.works(PIN)


def test_a_corrected_request_is_another_order(blocked: Control, tmp_path: Path) -> None:
    unblocking.perform(unblocking.order("keep"), tmp_path, pin=TRANSPORT)
    assert not unblocking.perform(unblocking.order("change"), tmp_path)["before"]
    assert unblocking.works(PIN)


@pytest.mark.parametrize(("kind", "before"), [("pull", False), ("pull-after", True)])
def test_a_card_pulled_round_the_act_goes_on_when_it_is_back(
    blocked: Control, tmp_path: Path, kind: str, *, before: bool
) -> None:
    blocked.fault(kind, ins=UNBLOCK)
    with pytest.raises(errors.CardRemovedError):
        unblocking.perform(unblocking.order(), tmp_path)
    wait_until(lambda: not transport.card_present())
    put_back(blocked)
    assert unblocking.perform(unblocking.order(), tmp_path)["before"] == before
    assert (unblocking.works(PIN), puk_left()) == (True, 3)


def test_a_desk_killed_before_it_wrote_the_result_finds_that_it_is_done(
    blocked: Control, tmp_path: Path
) -> None:
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert unblocking.perform(unblocking.order("keep"), tmp_path)["before"]
    assert unblocking.works(PIN)


def test_an_act_that_the_card_refused_was_not_done(blocked: Control, tmp_path: Path) -> None:
    blocked.fault("status", ins=UNBLOCK, sw=0x6F00)
    with pytest.raises(errors.ApduError):
        unblocking.perform(unblocking.order(), tmp_path)
    with unblocking.card() as piv:
        piv.unblock(PUK, bytearray(b"70605040"))  # by another tool meanwhile
    assert not unblocking.perform(unblocking.order(), tmp_path)["before"]


def test_a_pin_that_the_card_did_not_take_is_not_believed(blocked: Control, tmp_path: Path) -> None:
    blocked.fault("status", ins=VERIFY, at=2, sw=0x63C2)
    with pytest.raises(errors.CardAnswerError):
        unblocking.perform(unblocking.order(), tmp_path)


def test_a_wrong_puk_is_named_and_not_tried_again(blocked: Control, tmp_path: Path) -> None:
    foreign = unblocking.order(puk="MTExMTExMTE=")
    with pytest.raises(errors.InvalidPukError) as refused:
        unblocking.perform(foreign, tmp_path)
    assert (refused.value.tries_left, puk_left()) == (2, 2)


def test_the_last_try_of_the_puk_is_a_persons_decision(blocked: Control, tmp_path: Path) -> None:
    _spoil_puk(2)
    with pytest.raises(errors.LastPukTryError):
        unblocking.perform(unblocking.order(), tmp_path)
    assert puk_left() == 1
    unblocking.perform(unblocking.order(last_try_agreed=True), tmp_path)
    assert (unblocking.works(PIN), puk_left()) == (True, 3)


def test_a_blocked_puk_is_named_before_the_citizen_types(blocked: Control, tmp_path: Path) -> None:
    _spoil_puk(3)
    asked: list[str] = []
    with pytest.raises(errors.PukBlockedError):
        unblocking.perform(unblocking.order(last_try_agreed=True), tmp_path, shown=asked)
    assert asked == []


def test_another_persons_card_is_refused(card: Control, tmp_path: Path) -> None:
    put_in(card, "marko")
    unblocking.block()
    with pytest.raises(errors.WrongCardError) as wrong:
        unblocking.perform(unblocking.order(), tmp_path)
    assert wrong.value.facts == {"fields": ["jmbg"]}


def test_the_makers_puk_is_recognised_and_replaced_first(card: Control, tmp_path: Path) -> None:
    unblocking.block()
    assert unblocking.perform(unblocking.order(), tmp_path)["puk_replaced"]
    with unblocking.card() as piv:
        assert (piv.puk_status().factory, piv.puk_status().tries_left) == (False, 3)
        with pytest.raises(errors.InvalidPukError):
            piv.unblock(FACTORY_PUK, bytearray(PIN))


def test_a_card_that_tells_nothing_of_its_puk_is_unblocked_with_its_own(
    card: Control, tmp_path: Path
) -> None:
    put_in(card, vendor=False)
    unblocking.give_own_puk()
    unblocking.block()
    unblocking.perform(unblocking.order(), tmp_path)
    assert (unblocking.works(PIN), puk_left()) == (True, None)


def test_a_blank_card_gets_its_own_puk(piv: PivCard) -> None:
    administration.own_puk(piv, PUK)
    piv.unblock(PUK, bytearray(PIN))
    assert (piv.puk_status().factory, piv.puk_status().tries_left) == (False, 3)


def test_a_puk_that_the_supplier_changed_stays_and_costs_no_try(piv: PivCard) -> None:
    piv.replace_factory_puk(b"55667788")
    administration.own_puk(piv, PUK)
    piv.unblock(b"55667788", bytearray(PIN))


def test_the_serbian_application_is_said_to_need_the_vendors_tool(
    card: Control, tmp_path: Path
) -> None:
    put_in(card, applet="cardedge")
    asked: list[str] = []
    with pytest.raises(errors.NotAvailableError) as lacking:
        unblocking.perform(unblocking.order(), tmp_path, shown=asked)
    assert lacking.value.facts == {"ability": "unblock", "profile": "cardedge"}
    assert asked == []


def test_the_journal_holds_neither_pin_nor_puk(blocked: Control, tmp_path: Path) -> None:
    unblocking.perform(unblocking.order(), tmp_path)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert (PIN in kept, PUK in kept, b"unblocking-1" in kept) == (False, False, True)


def _spoil_puk(times: int) -> None:
    with unblocking.card() as piv:
        for _try in range(times):
            with pytest.raises((errors.InvalidPukError, errors.PukBlockedError)):
                piv.unblock(b"00000000", bytearray(PIN))

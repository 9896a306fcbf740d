"""PINs typed on the keys of a reader, on a real pcscd: what the pad does is what it was told."""

import pytest

from cardops import errors, transport
from cardops.cards import selection
from cardops.cards.piv import TRANSPORT_PIN, PivCard
from cardops.channel import Channel
from cardops.pin.pinpad import PinPad, verify_structure
from cardops.transport import Connection, Feature
from cardops.virtual.control import Control
from tests.cardops import programs
from tests.pinpad.pad import CANCEL, NOTHING, Citizen
from tests.reader import put_in

pytestmark = pytest.mark.card

FIRST, PIN, OTHER, WRONG = TRANSPORT_PIN.decode(), "83520174", "7315926", "11223344"
PUK = b"12345678"
SENSELESS = (
    (2, 0x81),  # BCD
    (2, 0x02),  # positions in bits
    (3, 0x00),  # no block
    (3, 0x48),  # a length in the block
    (4, 0x10),  # where that length would be
    (5, 0x05),  # least over most
    (7, 0x00),  # nothing ends the entry
    (8, 0x02),  # a message too many
    (11, 0x07),  # a message that there is not
    (15, 0x0C),  # a command cut short
    (23, 0x07),  # a command that says another length
)


def test_a_reader_without_keys_has_no_pad(connection: Connection) -> None:
    assert connection.features() == {}
    assert PinPad.find(connection, seconds=1) is None


def test_a_right_pin_is_verified(piv: PivCard, pad: PinPad, citizen: Citizen) -> None:
    citizen.press(FIRST + "\n")
    piv.verify_on(pad)
    assert citizen.seen == ["pin"]


def test_wrong_pins_cost_tries_and_the_third_blocks(
    piv: PivCard, pad: PinPad, citizen: Citizen
) -> None:
    citizen.press(*[WRONG + "\n"] * 3)
    left = []
    for _try in range(2):
        with pytest.raises(errors.InvalidPinError) as wrong:
            piv.verify_on(pad)
        left.append(wrong.value.tries_left)
    with pytest.raises(errors.PinBlockedError):
        piv.verify_on(pad)
    assert left == [2, 1]


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ("12345\n", "pin-length"),
        ("123456789\n", "pin-length"),
        ("1234" + CANCEL, "pin-cancelled"),
        (NOTHING, "pin-timeout"),
        ("1234", "pin-timeout"),  # and no OK
    ],
)
def test_what_is_no_pin_costs_no_try(
    piv: PivCard, pad: PinPad, citizen: Citizen, keys: str, code: str
) -> None:
    citizen.press(keys)
    with pytest.raises(errors.CardopsError) as ended:
        piv.verify_on(pad)
    assert ended.value.code == code
    assert piv.pin_status().tries_left == 3


def test_a_first_pin_is_typed_twice(piv: PivCard, pad: PinPad, citizen: Citizen) -> None:
    citizen.press(PIN + "\n", PIN + "\n")
    piv.change_pin_on(pad, TRANSPORT_PIN)
    assert citizen.seen == ["new", "again"]
    piv.verify(bytearray(PIN.encode()))


def test_new_pins_that_differ_change_nothing(piv: PivCard, pad: PinPad, citizen: Citizen) -> None:
    citizen.press(PIN + "\n", OTHER + "\n")
    with pytest.raises(errors.PinsDifferError):
        piv.change_pin_on(pad, TRANSPORT_PIN)
    piv.verify(bytearray(TRANSPORT_PIN))


def test_a_pin_is_changed_by_who_knows_it(piv: PivCard, pad: PinPad, citizen: Citizen) -> None:
    citizen.press(FIRST + "\n", OTHER + "\n", OTHER + "\n")
    piv.change_pin_on(pad)
    assert citizen.seen == ["pin", "new", "again"]
    piv.verify(bytearray(OTHER.encode()))


def test_a_blocked_card_gets_a_new_pin(piv: PivCard, pad: PinPad, citizen: Citizen) -> None:
    for _try in range(3):
        with pytest.raises((errors.InvalidPinError, errors.PinBlockedError)):
            piv.verify(bytearray(WRONG.encode()))
    citizen.press(*[OTHER + "\n"] * 4)
    with pytest.raises(errors.InvalidPukError):
        piv.unblock_on(pad, b"87654321")
    piv.unblock_on(pad, PUK)
    piv.verify(bytearray(OTHER.encode()))


def test_a_pad_refuses_a_structure_that_makes_no_sense(
    piv: PivCard, pad: PinPad, connection: Connection, citizen: Citizen
) -> None:
    sound = verify_structure(b"\x00\x20\x00\x80", PivCard.pin_rules, 1)
    control = pad.controls[Feature.VERIFY_PIN_DIRECT]
    for place, value in SENSELESS:
        asked = bytearray(sound)
        asked[place] = value
        assert asked != sound
        citizen.press(FIRST + "\n")
        assert connection.control(control, bytes(asked)) == b"\x6b\x80", place
    assert connection.control(control, sound) == b"\x90\x00"


def test_a_serbian_card_takes_four_digits(card: Control, citizen: Citizen) -> None:
    put_in(card, applet="cardedge")
    connection = transport.connect()
    pad, serbian = PinPad.find(connection, seconds=1), selection.select(Channel(connection))
    assert pad
    citizen.press(FIRST + "\n", "7315\n", "7315\n", "7315\n", "731\n")
    serbian.change_pin_on(pad)
    serbian.verify_on(pad)
    with pytest.raises(errors.PinLengthError) as short:
        serbian.verify_on(pad)
    connection.close()
    assert (serbian.name, short.value.facts) == ("cardedge", {"least": 4, "most": 8})


def test_opensc_finds_the_same_pad(citizen: Citizen, card: Control) -> None:
    assert "PIN pad" in programs.run(card.folder, "opensc-tool", "--list-readers")

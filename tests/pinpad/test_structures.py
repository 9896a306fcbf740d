"""What a reader with keys is told, byte by byte (PC/SC part 10, 2.5.2 and 2.5.3)."""

import pytest

from cardops.pin import pinpad
from cardops.pin.rules import PinRules
from cardops.transport import features

PIV, CARDEDGE = PinRules(6, 8, 0xFF), PinRules(4, 8, 0x00)
VERIFY, CHANGE, UNBLOCK = (bytes((0, ins, 0, 0x80)) for ins in (0x20, 0x24, 0x2C))


def packed(*parts: str) -> bytes:
    return bytes.fromhex("".join(parts))


@pytest.mark.parametrize(
    ("rules", "digits", "filler"), [(PIV, "0806", "ff" * 8), (CARDEDGE, "0804", "00" * 8)]
)
def test_a_pin_to_verify(rules: PinRules, digits: str, filler: str) -> None:
    assert pinpad.verify_structure(VERIFY, rules, 60.0) == packed(
        "3c3c",  # 60 seconds for the first key and for the others
        "820800",  # ASCII from the left, a block of 8 bytes, no length in it
        digits,  # most, least: a little-endian word
        "02",  # the OK key ends the entry
        "01 0904 00",  # one message, English, "type the PIN"
        "000000",
        "0d000000",
        "0020008008",
        filler,
    )


def test_a_first_pin_in_place_of_the_known_one() -> None:
    known = PIV.filled(b"123456")
    assert pinpad.modify_structure(CHANGE, PIV, 30, known) == packed(
        "1e1e 820800",
        "0008",  # where old and new PIN lie in the data
        "0806",
        "01",  # the new PIN twice, the old one not
        "02",
        "02 0904 010200",  # two messages: the new PIN, the new PIN again
        "000000",
        "15000000",
        "0024008010 313233343536ffff",
        "ff" * 8,
    )


def test_an_old_and_a_new_pin() -> None:
    assert pinpad.modify_structure(CHANGE, CARDEDGE, 30, None) == packed(
        "1e1e 820800 0008 0804",
        "03",  # the old PIN, then the new one twice
        "02 03 0904 000102 000000",
        "15000000",
        "0024008010",
        "00" * 16,
    )


def test_a_new_pin_behind_the_puk() -> None:
    asked = pinpad.modify_structure(UNBLOCK, PIV, 30, b"12345678")
    assert asked[24:] == packed("002c008010", b"12345678".hex(), "ff" * 8)


def test_a_pad_counts_to_255_seconds_at_most() -> None:
    assert pinpad.verify_structure(VERIFY, PIV, 600)[:2] == b"\xff\xff"


def test_the_features_of_a_reader() -> None:
    told = packed("0604 42330006", "0704 42330007")
    assert features.parse(told) == {6: 0x42330006, 7: 0x42330007}


@pytest.mark.parametrize("told", ["", "06", "0604423300", "060342330006"])
def test_what_is_no_list_of_features_is_none(told: str) -> None:
    assert features.parse(packed(told)) == {}

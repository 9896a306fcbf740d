"""Commands down, answers up, and a trace in which no secret stands."""

import pytest

from cardops import errors
from cardops.channel import Channel


class Script:
    """A transport that answers from a list and remembers what it was sent."""

    def __init__(self, *answers: str) -> None:
        self.answers = [bytes.fromhex(answer) for answer in answers]
        self.sent: list[str] = []

    def transmit(self, apdu: bytes) -> bytes:
        self.sent.append(apdu.hex())
        return self.answers.pop(0)


def test_long_data_go_down_in_chained_pieces() -> None:
    script = Script("9000", "9000")
    Channel(script).send(0x00, 0xDB, 0x3F, 0xFF, bytes(256))
    assert script.sent == ["10db3fffff" + "00" * 255, "00db3fff01" + "00"]


def test_a_long_answer_is_drained() -> None:
    script = Script("aa6102", "bbcc9000")
    assert Channel(script).send(0x00, 0xCB, 0x3F, 0xFF, b"\x5c", 0) == bytes.fromhex("aabbcc")
    assert script.sent[1] == "00c0000002"


def test_a_wrong_length_is_asked_again_as_the_card_wants_it() -> None:
    script = Script("6c04", "010203049000")
    assert Channel(script).send(0x00, 0xB0, 0x00, 0x00, le=0xFF) == bytes((1, 2, 3, 4))
    assert script.sent[1] == "00b0000004"


def test_a_refusal_carries_its_status() -> None:
    with pytest.raises(errors.ApduError) as refused:
        Channel(Script("6a82")).send(0x00, 0xA4, 0x04, 0x00)
    assert (refused.value.sw, refused.value.facts) == (0x6A82, {"sw": "6A82"})


def test_half_an_answer_is_no_answer() -> None:
    with pytest.raises(errors.CardMuteError):
        Channel(Script("90")).send(0x00, 0xA4, 0x04, 0x00)


@pytest.mark.parametrize("ins", [0x20, 0x24, 0x2C, 0x87, 0xFF])
def test_what_carries_a_secret_is_blank_in_the_trace(ins: int) -> None:
    lines: list[str] = []
    secret = b"83520174"
    Channel(Script(secret.hex() + "9000"), lines.append).send(0x00, ins, 0x00, 0x80, secret, 0)
    assert len(lines) == 1
    assert secret.hex() not in lines[0]
    assert lines[0].startswith(f"> 00{ins:02x}0080 <")


def test_what_the_identity_files_hold_is_blank_in_the_trace() -> None:
    lines: list[str] = []
    name = "Милица".encode().hex()
    Channel(Script(name + "9000"), lines.append).send(0x00, 0xB0, 0x00, 0x00, le=0)
    assert lines == ["> 00b0000000 < <12 bytes> 9000"]


def test_a_certificate_that_is_written_is_blank_in_the_trace() -> None:
    lines: list[str] = []
    Channel(Script("9000"), lines.append).send(0x00, 0xDB, 0x3F, 0xFF, b"Milica")
    assert lines == ["> 00db3fff <7 bytes> < 9000"]


def test_what_was_sent_is_overwritten() -> None:
    sent: list[bytearray] = []

    class Keeper(Script):
        def transmit(self, apdu: bytearray) -> bytes:
            sent.append(apdu)
            assert apdu[5:] == b"83520174"
            return b"\x90\x00"

    Channel(Keeper()).send(0x00, 0x20, 0x00, 0x80, bytearray(b"83520174"))
    assert sent == [bytes(13)]

"""A whole issuing whose PINs are typed on the reader's keys."""

from pathlib import Path

import pytest

from cardops import transport
from cardops.cards.piv import PivCard
from cardops.cards.profile import Role
from cardops.channel import Channel
from cardops.pin.pinpad import PinPad
from cardops.pin.prompts import Prompt
from tests.cardops import issuing
from tests.pinpad.pad import Citizen

pytestmark = pytest.mark.card

OK = "83520174\n"


def test_a_blank_card_is_asked_three_times_and_says_so(citizen: Citizen, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []

    def progress(stage: str, prompt: Prompt | None = None) -> None:
        if prompt:
            told.append((prompt.turn, prompt.number, prompt.of))

    citizen.press(*[OK] * 4)
    issued = issuing.issue(
        tmp_path, "P-256", progress=progress, find_pad=lambda reader: PinPad.find(reader, 5)
    )
    assert told == [("choose", 1, 3), ("enter", 2, 3), ("enter", 3, 3)]
    assert citizen.seen == ["new", "again", "pin", "pin"]
    connection = transport.connect()
    piv = PivCard.probe(Channel(connection))
    assert piv
    assert piv.read_certificate(Role.SIGNING) == issued
    connection.close()

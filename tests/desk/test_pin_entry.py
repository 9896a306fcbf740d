"""The citizen's part of a card session, on a real card: nothing is risked without being told."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from cardops import errors, transport
from cardops.cards.piv import TRANSPORT_PIN, PivCard
from cardops.channel import Channel
from cardops.personalise.pin_entry import PinEntry
from cardops.pin.pinpad import PinPad
from cardops.pin.prompts import Fault, Prompt, Turn
from cardops.virtual.control import Control
from tests.pinpad.pad import Citizen, plugged_in
from tests.reader import put_in

pytestmark = pytest.mark.card

FIRST, PIN, WRONG = bytes(TRANSPORT_PIN), b"83520174", b"11223344"


@dataclass
class Script:
    """A source of PINs: gives what is next, remembers what it was asked and what it gave."""

    answers: list[bytes | None] = field(default_factory=list)  # None refuses
    asked: list[Prompt] = field(default_factory=list)
    given: list[bytearray] = field(default_factory=list)

    def ask(self, prompt: Prompt) -> bytearray:
        self.asked.append(prompt)
        answer = self.answers.pop(0)
        if answer is None:
            raise errors.PinCancelledError
        self.given.append(bytearray(answer))
        return self.given[-1]

    def confirm(self, prompt: Prompt) -> None:
        self.ask(prompt)

    def show(self, prompt: Prompt) -> None:
        if prompt.pad:
            self.asked.append(prompt)

    def cancel(self) -> None: ...

    def close(self) -> None: ...

    @property
    def turns(self) -> list[tuple[Turn, int | None, Fault | None]]:
        return [(each.turn, each.tries_left, each.fault) for each in self.asked]


@pytest.fixture
def piv(reader: Control) -> Iterator[PivCard]:
    reader.clear_faults()
    put_in(reader)
    connection = transport.connect()
    found = PivCard.probe(Channel(connection))
    assert found
    yield found
    connection.close()


@pytest.fixture
def presented(piv: PivCard, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Count what reaches the card."""
    seen: list[bytes] = []
    verify = piv.verify

    def counted(pin: bytearray) -> None:
        seen.append(bytes(pin))
        verify(pin)

    monkeypatch.setattr(piv, "verify", counted)
    return seen


def entry(script: Script, told: Callable[[Prompt], None] = lambda _prompt: None) -> PinEntry:
    return PinEntry(lambda: script, told, hold=30)


def test_tries_are_read_before_each_question(piv: PivCard) -> None:
    script = Script([WRONG, FIRST])
    entry(script).present(piv)
    assert script.turns == [(Turn.ENTER, 3, None), (Turn.ENTER, 2, Fault.WRONG)]


def test_the_last_try_is_asked_for_first_and_can_be_refused(
    piv: PivCard, presented: list[bytes]
) -> None:
    script = Script([WRONG, WRONG, None])
    with pytest.raises(errors.PinCancelledError):
        entry(script).present(piv)
    assert script.turns[-1] == (Turn.LAST_TRY, 1, None)
    assert presented == [WRONG, WRONG]
    assert piv.pin_status().tries_left == 1


def test_the_last_try_is_taken_by_who_agreed(piv: PivCard) -> None:
    script = Script([WRONG, WRONG, b"", FIRST])
    entry(script).present(piv)
    assert [turn for turn, _left, _fault in script.turns[-2:]] == [Turn.LAST_TRY, Turn.ENTER]


def test_a_blocked_card_asks_for_nothing(piv: PivCard) -> None:
    script = Script([WRONG, WRONG, b"", WRONG])
    with pytest.raises(errors.PinBlockedError):
        entry(script).present(piv)
    again = Script()
    with pytest.raises(errors.PinBlockedError):
        entry(again).present(piv)
    assert again.asked == []


def test_a_held_pin_that_was_refused_once_is_never_presented_again(
    piv: PivCard, presented: list[bytes]
) -> None:
    script = Script([FIRST, PIN])
    asking = entry(script)
    asking.present(piv)
    asking.present(piv)  # held
    piv.change_pin(bytearray(FIRST), bytearray(PIN))
    asking.present(piv)
    asking.present(piv)
    assert presented == [FIRST, FIRST, FIRST, PIN, PIN]
    assert script.turns[-1] == (Turn.ENTER, 2, Fault.WRONG)


def test_every_pin_is_overwritten_whatever_comes_of_it(piv: PivCard) -> None:
    script = Script([b"1234", WRONG, FIRST])
    asking = entry(script)
    asking.present(piv)
    asking.drop()
    assert [bytes(given) for given in script.given] == [bytes(4), bytes(8), bytes(6)]


def test_a_pin_that_is_none_costs_no_try(piv: PivCard) -> None:
    script = Script([b"1234", FIRST])
    entry(script).present(piv)
    assert script.turns[-1] == (Turn.ENTER, 3, Fault.LENGTH)


def test_a_first_pin_is_chosen_until_nobody_guesses_it(piv: PivCard) -> None:
    script = Script([b"1234", b"123456", PIN])
    asking = entry(script)
    asking.choose(piv, TRANSPORT_PIN)
    asking.present(piv)
    faults = [fault for _turn, _left, fault in script.turns]
    assert faults == [None, Fault.LENGTH, Fault.EASY]
    assert asking.entries == 3


def test_what_was_cancelled_asks_nothing_more(piv: PivCard) -> None:
    script = Script([FIRST])
    asking = entry(script)
    asking.cancel()
    with pytest.raises(errors.PinCancelledError):
        asking.present(piv)
    assert script.asked == []


def test_on_a_pad_nothing_is_held_and_the_screen_says_which_time(
    piv: PivCard, reader: Control
) -> None:
    script, told = Script(), list[Prompt]()
    asking = entry(script, told.append)
    connection = transport.connect()
    keys = [each.decode() + "\n" for each in (PIN, PIN, PIN, PIN)]
    with plugged_in(reader.folder, Citizen(*keys)) as citizen:
        asking.pad = PinPad.find(connection, seconds=2)
        asking.expect(2)
        asking.choose(piv, TRANSPORT_PIN)
        asking.present(piv)
        asking.present(piv)
    connection.close(reset=False)
    assert citizen.seen == ["new", "again", "pin", "pin"]
    shown = [(Turn.CHOOSE, 1, 3), (Turn.ENTER, 2, 3), (Turn.ENTER, 3, 3)]
    assert [(each.turn, each.number, each.of) for each in script.asked] == shown
    assert told == script.asked


def test_the_pads_last_try_wants_the_same_consent(piv: PivCard, reader: Control) -> None:
    script = Script([None])
    asking = entry(script)
    connection = transport.connect()
    keys = [WRONG.decode() + "\n"] * 2
    with plugged_in(reader.folder, Citizen(*keys)) as citizen:
        asking.pad = PinPad.find(connection, seconds=2)
        with pytest.raises(errors.PinCancelledError):
            asking.present(piv)
    connection.close(reset=False)
    assert (citizen.seen, piv.pin_status().tries_left) == (["pin", "pin"], 1)


def test_an_officers_cancel_counts_when_the_pad_is_done(piv: PivCard, reader: Control) -> None:
    script = Script()
    asking = entry(script, lambda _prompt: threading.Timer(0.3, asking.cancel).start())
    connection = transport.connect()
    with plugged_in(reader.folder, Citizen()):
        asking.pad = PinPad.find(connection, seconds=1)
        with pytest.raises(errors.PinTimeoutError):
            asking.present(piv)
        with pytest.raises(errors.PinCancelledError):
            asking.present(piv)
    connection.close(reset=False)

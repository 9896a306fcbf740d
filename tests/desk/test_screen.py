"""The citizen screen: one page, one prompt at a time, for nobody else on the machine."""

import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from cardops import errors
from cardops.pin import choice
from cardops.pin.held import HeldPin
from cardops.pin.keypad import Keypad
from cardops.pin.prompts import Fault, Prompt, Turn
from cardops.pin.rules import PinRules
from cardops.pin.screen import CitizenScreen
from cardops.texts import Texts
from cardops.virtual import citizen

PIN = b"83520174"
NOBODY = ["true", "{url}"]
PIV, CARDEDGE = PinRules(6, 8, 0xFF), PinRules(4, 8, 0x00)


@pytest.fixture
def screen() -> Iterator[CitizenScreen]:
    shown = CitizenScreen(Texts("en", None), seconds=2, browser=NOBODY)
    yield shown
    shown.end()


def ask(screen: CitizenScreen, prompt: Prompt, answers: list[object]) -> threading.Thread:
    def wait() -> None:
        try:
            answers.append(bytes(screen.ask(prompt)))
        except errors.CardopsError as fault:
            answers.append(fault.code)

    thread = threading.Thread(target=wait)
    thread.start()
    state_at(screen, prompt.turn)
    return thread


def state_at(screen: CitizenScreen, turn: Turn) -> dict[str, object]:
    """Return what the screen shows, once it is for this."""
    while (state := screen_state(screen))["state"] != turn:
        time.sleep(0.01)
    return state


def screen_state(screen: CitizenScreen) -> dict[str, object]:
    state = citizen.state_of(screen.url)
    assert state is not None
    return state


def request(screen: CitizenScreen, verb: str, path: str, body: bytes = b"", **headers: str) -> int:
    parts = urlsplit(screen.url)
    own = {"Host": parts.netloc, "Origin": f"http://{parts.netloc}"} | headers
    connection = HTTPConnection(parts.netloc, timeout=5)
    connection.request(verb, f"{parts.path}{path}", body, own)
    status = connection.getresponse().status
    connection.close()
    return status


def test_what_the_citizen_types_reaches_who_asked(screen: CitizenScreen) -> None:
    answers: list[object] = []
    waiting = ask(screen, Prompt(Turn.ENTER), answers)
    citizen.answer(screen.url, int(str(screen_state(screen)["prompt"])), PIN)
    waiting.join()
    assert answers == [PIN]
    assert screen_state(screen)["state"] == "wait"


def test_the_last_try_has_a_question_of_its_own(screen: CitizenScreen) -> None:
    """The PIN is not asked for before it is answered: see `tests.desk.test_pin_entry`."""
    agreed = threading.Thread(target=screen.confirm, args=(Prompt(Turn.LAST_TRY, tries_left=1),))
    agreed.start()
    state = state_at(screen, Turn.LAST_TRY)
    assert (state["tries"], state["submit"]) == ("1 try left.", "I know that, one more try")
    citizen.answer(screen.url, int(str(state["prompt"])), b"")
    agreed.join()


def test_tries_are_told_and_what_was_wrong(screen: CitizenScreen) -> None:
    prompt = Prompt(Turn.ENTER, 2, 3, tries_left=2, fault=Fault.WRONG, rules=CARDEDGE)
    waiting = ask(screen, prompt, [])
    state = screen_state(screen)
    assert state["tries"] == "2 tries left."
    assert state["message"] == (
        "That was not the PIN of this card. Type your PIN. Nobody else may see it. (2 of 3)"
    )
    assert (state["length"], state["least"]) == ("A PIN has 4 to 8 digits.", 4)
    screen.cancel()
    waiting.join()


def test_a_citizen_may_stop(screen: CitizenScreen) -> None:
    answers: list[object] = []
    waiting = ask(screen, Prompt(Turn.ENTER), answers)
    now = int(str(screen_state(screen)["prompt"]))
    assert request(screen, "POST", f"/refuse/{now - 1}") == 409
    assert request(screen, "POST", f"/refuse/{now}") == 200
    waiting.join()
    assert answers == ["pin-cancelled"]


def test_the_time_left_is_told(screen: CitizenScreen) -> None:
    waiting = ask(screen, Prompt(Turn.ENTER), [])
    assert screen_state(screen)["time"] == "Time left: 2 s"
    waiting.join()
    assert screen_state(screen)["time"] == ""


def test_on_a_pad_the_screen_takes_no_answer(screen: CitizenScreen) -> None:
    screen.show(Prompt(Turn.ENTER, 1, 2, tries_left=3, pad=True, rules=PIV))
    state = screen_state(screen)
    assert (state["state"], state["keypad"]) == ("pad", None)
    assert str(state["message"]).startswith("Type your PIN on the keys of the card reader")
    assert request(screen, "POST", f"/answer/{state['prompt']}", PIN) == 409


def test_keys_stand_in_another_order_each_time() -> None:
    shown = CitizenScreen(Texts("en", None), seconds=2, browser=NOBODY, keypad=Keypad.SCRAMBLED)
    orders = []
    for _prompt in range(4):
        waiting = ask(shown, Prompt(Turn.ENTER), [])
        state = screen_state(shown)
        assert screen_state(shown)["keypad"] == state["keypad"]  # as long as it is asked
        orders.append(tuple(state["keypad"]))
        citizen.answer(shown.url, int(str(state["prompt"])), PIN)
        waiting.join()
    shown.end()
    assert {tuple(sorted(order)) for order in orders} == {tuple(range(10))}
    assert len(set(orders)) == 4


def test_an_old_answer_is_not_taken_for_a_new_prompt(screen: CitizenScreen) -> None:
    answers: list[object] = []
    waiting = ask(screen, Prompt(Turn.ENTER), answers)
    now = int(str(screen_state(screen)["prompt"]))
    assert request(screen, "POST", f"/answer/{now - 1}", PIN) == 409
    assert request(screen, "POST", f"/answer/{now}", PIN) == 200
    waiting.join()
    assert answers == [PIN]


def test_nobody_types_and_the_wait_ends(screen: CitizenScreen) -> None:
    answers: list[object] = []
    ask(screen, Prompt(Turn.ENTER), answers).join()
    assert answers == ["pin-timeout"]


def test_the_officer_cancels_and_the_wait_ends(screen: CitizenScreen) -> None:
    answers: list[object] = []
    waiting = ask(screen, Prompt(Turn.CHOOSE, rules=PIV), answers)
    screen.cancel()
    waiting.join()
    assert answers == ["pin-cancelled"]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/state", {"Host": "evil.example"}),
        ("/../state", {}),
        ("/nothing", {}),
    ],
)
def test_another_host_or_place_finds_nothing(
    screen: CitizenScreen, path: str, headers: dict[str, str]
) -> None:
    assert request(screen, "GET", path, **headers) == 404


def test_without_the_token_there_is_no_page(screen: CitizenScreen) -> None:
    parts = urlsplit(screen.url)
    connection = HTTPConnection(parts.netloc, timeout=5)
    for path in ("/", "/state", "/x" * 22):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 404
    connection.close()


@pytest.mark.parametrize("origin", ["null", "http://evil.example", ""])
def test_another_pages_post_is_refused(screen: CitizenScreen, origin: str) -> None:
    assert request(screen, "POST", "/answer/0", PIN, Origin=origin) == 404


def test_more_than_a_pin_is_refused(screen: CitizenScreen) -> None:
    assert request(screen, "POST", "/answer/0", bytes(9)) == 413


def test_the_page_loads_nothing_from_elsewhere(screen: CitizenScreen) -> None:
    parts = urlsplit(screen.url)
    connection = HTTPConnection(parts.netloc, timeout=5)
    connection.request("GET", parts.path)
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "http://" not in page
    assert "https://" not in page


def test_a_held_pin_is_gone_in_time_and_when_dropped() -> None:
    held = HeldPin(0.05)
    held.hold(bytearray(PIN))
    assert held.take() == PIN
    time.sleep(0.06)
    assert (held.expired, held.take()) == (True, None)
    held.hold(bytearray(PIN))
    held.drop()
    assert held.take() is None


@pytest.mark.parametrize("pin", [b"123456", b"000000", b"87654321", b"4321"])
def test_a_pin_that_anybody_guesses_may_not_be_chosen(pin: bytes) -> None:
    with pytest.raises(errors.EasyPinError):
        choice.require(bytearray(pin), CARDEDGE)


@pytest.mark.parametrize("pin", [b"12345", b"123456789", b"12a456"])
def test_what_is_no_pin_of_this_card_may_not_be_chosen(pin: bytes) -> None:
    with pytest.raises(errors.PinLengthError) as refused:
        choice.require(bytearray(pin), PIV)
    assert refused.value.facts == {"least": 6, "most": 8}


def test_other_pins_may_be_chosen() -> None:
    choice.require(bytearray(PIN), PIV)
    choice.require(bytearray(b"7315"), CARDEDGE)

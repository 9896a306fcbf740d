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
from cardops.pin.prompts import Prompt, Turn
from cardops.pin.screen import CitizenScreen
from cardops.texts import Texts
from cardops.virtual import citizen

PIN = b"83520174"
NOBODY = ["true", "{url}"]


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
    while screen_state(screen)["state"] != prompt.turn:
        time.sleep(0.01)
    return thread


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


def test_the_last_try_wants_consent_and_says_how_many_are_left(screen: CitizenScreen) -> None:
    waiting = ask(screen, Prompt(Turn.ENTER, tries_left=1, wrong=True), [])
    state = screen_state(screen)
    assert (state["tries"], state["consent"]) == ("1 try left.", True)
    assert str(state["message"]).startswith("That was not the PIN of this card.")
    screen.cancel()
    waiting.join()


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
    waiting = ask(screen, Prompt(Turn.CHOOSE), answers)
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


@pytest.mark.parametrize(
    "pin", [b"123456", b"000000", b"87654321", b"12345", b"123456789", b"12a456"]
)
def test_a_pin_that_anybody_guesses_may_not_be_chosen(pin: bytes) -> None:
    assert not choice.acceptable(bytearray(pin))


def test_other_pins_may_be_chosen() -> None:
    assert choice.acceptable(bytearray(PIN))

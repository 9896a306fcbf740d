"""The citizen screen in Chromium: what is seen, and where the digits lie while they are typed."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from cardops import errors
from cardops.pin.keypad import Keypad
from cardops.pin.prompts import Fault, Prompt, Turn
from cardops.pin.rules import PinRules
from cardops.pin.screen import CitizenScreen
from cardops.texts import Texts
from config.supervisor.stack import ROOT
from tests.stories import chromium
from tests.stories.chromium import Browser
from tests.stories.people import LANGUAGES

pytestmark = pytest.mark.browser

PIN = "83520174"
RULES = PinRules(least=6, most=8, filler=0xFF)
TAGS = {"sr": "sr-Cyrl", "sr-latn": "sr-Latn", "en": "en"}
ENTER, CHOOSE = Prompt(Turn.ENTER, tries_left=3, rules=RULES), Prompt(Turn.CHOOSE, rules=RULES)
QUESTIONS = {
    "enter": ENTER,
    "wrong": Prompt(Turn.ENTER, tries_left=2, fault=Fault.WRONG, rules=RULES),
    "choose": CHOOSE,
    "replace": Prompt(Turn.CONFIRM),
    "last-try": Prompt(Turn.LAST_TRY, tries_left=1),
}
WORDS = {
    "pad": Prompt(Turn.ENTER, 2, 3, tries_left=3, pad=True, rules=RULES),
    "pad-choose": Prompt(Turn.CHOOSE, 1, 3, pad=True, rules=RULES),
    "wait": Prompt(Turn.WAIT),
    "failed": Prompt(Turn.FAILED),
}
IN_THE_PAGE = """
    const inputs = [...document.querySelectorAll("input")].map((each) => each.value);
    return [document.documentElement.outerHTML, document.body.innerText, ...inputs].join("\\n");
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.browser() as opened:
        yield opened


@contextmanager
def screen(
    browser: Browser, keypad: Keypad = Keypad.NONE, language: str = "en"
) -> Iterator[CitizenScreen]:
    texts = Texts(TAGS[language], ROOT / "locale")
    shown = CitizenScreen(texts, seconds=60, browser=["true", "{url}"], keypad=keypad)
    browser.language = language
    browser.open(shown.url)
    yield shown
    shown.cancel()
    shown.end()


def number(shown: CitizenScreen) -> int:
    """Return which prompt is on the screen, or will be in a moment."""
    return int(json.loads(shown.state())["prompt"])


def asked(shown: CitizenScreen, prompt: Prompt) -> tuple[threading.Thread, list[bytes]]:
    """Ask in a thread, which ends with the answer in the list."""
    answers: list[bytes] = []

    def wait() -> None:
        with suppress(errors.PinCancelledError):
            answers.append(bytes(shown.ask(prompt)))

    thread = threading.Thread(target=wait)
    thread.start()
    return thread, answers


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_citizen_sees(browser: Browser, language: str) -> None:
    with screen(browser, language=language) as shown:
        for name, prompt in WORDS.items():
            shown.show(prompt)
            browser.see(f'body[data-prompt="{number(shown)}"]')
            browser.shot(f"citizen-{name}")
    for name, prompt in QUESTIONS.items():
        with screen(browser, language=language) as shown:
            waiting, _answers = asked(shown, prompt)
            browser.see(f'body[data-state="{prompt.turn}"] form')
            browser.shot(f"citizen-{name}")
            shown.cancel()
            waiting.join()


@pytest.mark.parametrize("language", LANGUAGES)
def test_keys_on_the_screen_type_and_the_page_holds_no_digit(
    browser: Browser, language: str
) -> None:
    with screen(browser, Keypad.SCRAMBLED, language) as shown:
        waiting, answers = asked(shown, CHOOSE)
        for field in ("pin", "again"):
            browser.click(f"#{field}-dots")
            for digit in PIN:
                browser.click_text("#keys button", digit)
        assert browser.see("#again-dots").text == "●" * 8
        browser.shot("citizen-keypad")
        assert PIN not in str(browser.chrome.execute_script(IN_THE_PAGE))
        browser.click("#confirm")
        waiting.join()
    assert answers == [PIN.encode()]


def test_the_keyboard_types_beside_the_keys(browser: Browser) -> None:
    with screen(browser, Keypad.SCRAMBLED) as shown:
        waiting, answers = asked(shown, ENTER)
        browser.see("#pin-dots")
        ActionChains(browser.chrome).send_keys(f"{PIN}7{Keys.BACKSPACE}4{Keys.ENTER}").perform()
        waiting.join()
    assert answers == [PIN.encode()]


def test_the_keyboard_can_be_switched_off(browser: Browser) -> None:
    with screen(browser, Keypad.SCRAMBLED_ONLY) as shown:
        waiting, _answers = asked(shown, ENTER)
        browser.see("#pin-dots")
        ActionChains(browser.chrome).send_keys(PIN).perform()
        assert browser.see("#pin-dots").text == ""
        shown.cancel()
        waiting.join()


def test_pins_that_differ_or_are_too_short_are_not_sent(browser: Browser) -> None:
    with screen(browser) as shown:
        waiting, answers = asked(shown, CHOOSE)
        for pin, again, said in (
            ("12345", "12345", "A PIN has 6 to 8 digits."),
            (PIN, "83520175", "The two PINs differ. Type the new PIN twice the same."),
        ):
            type_into(browser, pin, again)
            assert browser.see("#error").text == said
        type_into(browser, PIN, PIN)
        waiting.join()
    assert answers == [PIN.encode()]


def type_into(browser: Browser, pin: str, again: str) -> None:
    for field, text in (("#pin", pin), ("#again", again)):
        browser.see(field).clear()
        browser.see(field).send_keys(text)
    browser.click("#confirm")


def test_who_stops_is_not_asked_again(browser: Browser) -> None:
    with screen(browser) as shown:
        waiting, answers = asked(shown, ENTER)
        browser.see("#pin").send_keys(PIN)
        browser.click("#refuse")
        waiting.join()
    assert answers == []

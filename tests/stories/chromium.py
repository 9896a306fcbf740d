"""Headless Chromium as an officer and a citizen use it; pictures where somebody asked for them."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.stories import languages

_OPTIONS = ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")
_WIDTH, _HEIGHT = 1280, 900
_PATIENCE = 20  # seconds
_MARK = "arguments[0].scrollIntoView({block: 'center'}); window.seen = true"
_UNMARKED = "return !window.seen && document.readyState === 'complete'"


class Browser:
    """One window; elements are named by what they do (`data-action`) or by their field."""

    def __init__(self, chrome: Chrome) -> None:
        self.chrome = chrome
        self.language = "sr"

    def open(self, address: str) -> None:
        self.chrome.get(address)

    def see(self, css: str) -> WebElement:
        """Return the first visible element of a selector, once there is one."""
        try:
            return self._wait().until(lambda _driver: self._visible(css))
        except TimeoutException:
            text = self.chrome.find_element(By.TAG_NAME, "body").text
            raise AssertionError(f"{css} is not on {self.chrome.current_url}:\n{text}") from None

    def _wait(self) -> WebDriverWait[Chrome]:
        """Wait through what is wrong for a moment only: pages renew themselves and go."""
        return WebDriverWait(self.chrome, _PATIENCE, ignored_exceptions=[WebDriverException])

    def _visible(self, css: str) -> WebElement | None:
        found = self.chrome.find_elements(By.CSS_SELECTOR, css)
        return next((element for element in found if element.is_displayed()), None)

    def do(self, action: str) -> None:
        self.click(f'[data-action="{action}"]:not([disabled])')

    def click(self, css: str) -> None:
        self.see(css)
        self._wait().until(lambda _driver: self._clicked(css))

    def _clicked(self, css: str) -> bool:
        element = self._visible(css)
        if element is None:
            return False
        self.chrome.execute_script(_MARK, element)
        element.click()
        return True

    def press(self, key: str) -> None:
        """Press a key of the keyboard, wherever the focus is."""
        ActionChains(self.chrome).send_keys(key).perform()

    def click_text(self, css: str, text: str) -> None:
        """Click the visible element of a selector that says just this."""
        self._wait().until(lambda _driver: any(each.text == text for each in self.all(css)))
        next(each for each in self.all(css) if each.text == text).click()

    def leave(self, action: str) -> None:
        """Do what loads another page, and wait until this one is gone."""
        self.follow(f'[data-action="{action}"]:not([disabled])')

    def follow(self, css: str) -> None:
        """Click what leads to another page, and wait until this one is gone."""
        self.click(css)
        self.gone()

    def gone(self) -> None:
        """Wait until the page that was marked as seen has given way to another."""
        self._wait().until(lambda chrome: chrome.execute_script(_UNMARKED))

    @contextmanager
    def other_window(self) -> Iterator[None]:
        """Look into the window that a button opened, and close it."""
        own = self.chrome.current_window_handle
        self._wait().until(lambda chrome: len(chrome.window_handles) > 1)
        self.chrome.switch_to.window(self.chrome.window_handles[-1])
        yield
        self.chrome.close()
        self.chrome.switch_to.window(own)

    def until(self, met: Callable[[], object]) -> None:
        """Wait until something is so, while parts of the page come and go."""
        self._wait().until(lambda _driver: met())

    def all(self, css: str) -> list[WebElement]:
        found = self.chrome.find_elements(By.CSS_SELECTOR, css)
        return [element for element in found if element.is_displayed()]

    def link(self, action: str) -> str:
        return str(self.see(f'[data-action="{action}"]').get_attribute("href"))

    def pick(self, name: str, text: str) -> None:
        Select(self.see(f'select[name="{name}"]')).select_by_visible_text(text)

    def write(self, name: str, text: str) -> None:
        field = self.see(f'[name="{name}"]')
        field.clear()
        field.send_keys(text)

    def choose(self, name: str, value: str) -> None:
        self.click(f'[name="{name}"][value="{value}"]')

    def value(self, name: str) -> str:
        return str(self.see(f'[name="{name}"]').get_attribute("value"))

    def wait_for_step(self, step: str) -> None:
        """Wait until this step of the case is the one to be done."""
        self.see(f'[data-step="{step}"][data-status="current"]')

    def speak(self, language: str) -> None:
        """Choose the language of the pages from here on."""
        self.language = language
        self.leave(f"language-{language}")

    def fetch(self, address: str) -> tuple[int, str, int]:
        """Load a file as this browser; return the status, the kind and the size in bytes."""
        script = """
            const done = arguments[1];
            fetch(arguments[0]).then(async answer => done([
                answer.status,
                answer.headers.get("content-type"),
                (await answer.arrayBuffer()).byteLength,
            ]));
        """
        status, kind, size = self.chrome.execute_async_script(script, address)
        return int(status), str(kind), int(size)

    def download_to(self, folder: Path) -> None:
        """Let files that are taken by a click come to lie in a folder."""
        where = {"behavior": "allow", "downloadPath": str(folder)}
        self.chrome.execute_cdp_cmd("Browser.setDownloadBehavior", where)

    def shot(self, name: str) -> None:
        """Look at the page: it speaks the reader's language, whichever that is.

        Where pictures are wanted, one is kept, and the story is told in the others too.
        """
        odd = languages.odd_words(self.chrome, self.language)
        folder = pictures()
        if folder:
            self._keep(folder / self.language / f"{name}.png")
        else:
            odd += languages.odd_words_in_others(self.chrome)
        assert odd == [], f"{name}: {odd}"

    def _keep(self, picture: Path) -> None:
        picture.parent.mkdir(parents=True, exist_ok=True)
        height = self.chrome.execute_script("return document.documentElement.scrollHeight")
        self.chrome.set_window_size(_WIDTH, max(_HEIGHT, int(height) + 150))
        self.chrome.save_screenshot(str(picture))
        self.chrome.set_window_size(_WIDTH, _HEIGHT)


def pictures() -> Path | None:
    """Return the folder for pictures, where some are wanted."""
    wanted = os.environ.get("OVERA_SCREENSHOTS")
    return Path(wanted) if wanted else None


@contextmanager
def browser(*more: str) -> Iterator[Browser]:
    """Open a window; `more` are options of Chromium."""
    options = ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for option in (*_OPTIONS, f"--window-size={_WIDTH},{_HEIGHT}", *more):
        options.add_argument(option)
    chrome = Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    try:
        yield Browser(chrome)
    finally:
        chrome.quit()

"""Headless Chromium as an officer and a citizen use it; pictures where somebody asked for them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support import expected_conditions
from selenium.webdriver.support.ui import WebDriverWait

_OPTIONS = ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")
_WIDTH, _HEIGHT = 1280, 900
_PATIENCE = 20  # seconds


class Browser:
    """One window; elements are named by what they do (`data-action`) or by their field."""

    def __init__(self, chrome: Chrome) -> None:
        self.chrome = chrome
        self._shots = 0

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
        stale = [StaleElementReferenceException]  # pages renew themselves
        return WebDriverWait(self.chrome, _PATIENCE, ignored_exceptions=stale)

    def _visible(self, css: str) -> WebElement | None:
        found = self.chrome.find_elements(By.CSS_SELECTOR, css)
        return next((element for element in found if element.is_displayed()), None)

    def do(self, action: str) -> None:
        element = self.see(f'[data-action="{action}"]:not([disabled])')
        self.chrome.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def leave(self, action: str) -> None:
        """Do what loads another page, and wait until this one is gone."""
        page = self.chrome.find_element(By.TAG_NAME, "html")
        self.do(action)
        self._wait().until(expected_conditions.staleness_of(page))

    def write(self, name: str, text: str) -> None:
        field = self.see(f'[name="{name}"]')
        field.clear()
        field.send_keys(text)

    def choose(self, name: str, value: str) -> None:
        self.see(f'[name="{name}"][value="{value}"]').click()

    def value(self, name: str) -> str:
        return str(self.see(f'[name="{name}"]').get_attribute("value"))

    def wait_for_step(self, step: str) -> None:
        """Wait until this step of the case is the one to be done."""
        self.see(f'[data-step="{step}"][data-status="current"]')

    def shot(self, name: str) -> None:
        """Keep a picture of the whole page, where OVERA_SCREENSHOTS names a folder."""
        folder = os.environ.get("OVERA_SCREENSHOTS")
        if folder:
            height = self.chrome.execute_script("return document.documentElement.scrollHeight")
            self.chrome.set_window_size(_WIDTH, max(_HEIGHT, int(height) + 150))
            self._shots += 1
            self.chrome.save_screenshot(str(Path(folder) / f"{name}.png"))
            self.chrome.set_window_size(_WIDTH, _HEIGHT)


@contextmanager
def browser() -> Iterator[Browser]:
    options = ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for option in (*_OPTIONS, f"--window-size={_WIDTH},{_HEIGHT}"):
        options.add_argument(option)
    chrome = Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    try:
        yield Browser(chrome)
    finally:
        chrome.quit()

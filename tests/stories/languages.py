"""Whether a page speaks one language: the reader's, and each other one that could be chosen."""

import re
from urllib import request
from urllib.error import HTTPError

from django.conf import settings
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

_LABELS = "h1, h2, h3, legend, label, th, dt, button, summary, nav a, .overa-muted"
_DATA = (  # people, offices, numbers
    "[lang]:not(html), [translate=no], #result_list tbody, #changelist-filter ul, #content > h2,"
    " .overa-step-note, .inline_label"
)
_FOLDED = "[hidden], details:not([open]) > :not(summary)"
_WORDS = """
    const [labels, data, folded, source] = arguments;
    const page = source ? new DOMParser().parseFromString(source, "text/html") : document;
    const words = [];
    for (const label of page.querySelectorAll(labels)) {
        const texts = page.createTreeWalker(label, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
            const place = texts.currentNode.parentElement;
            const shown = source ? !place.closest(folded) : place.checkVisibility();
            if (shown && !place.closest(data))
                words.push(texts.currentNode.textContent.trim());
        }
    }
    return words;
"""
_CYRILLIC, _LATIN = re.compile("[\u0400-\u04ff]+"), re.compile("[A-Za-z]{2,}")
_FOREIGN = {"sr": _LATIN, "sr-latn": _CYRILLIC, "en": _CYRILLIC}
_SPARED = re.compile(
    r"Overa|CSV|XLSX|PDF|TIFF|JPEG|PNG|SHA-256|OCSP|CRL|Ctrl|Enter"
)  # are written so in every language
_PATIENCE = 20  # seconds
_SWITCH = "language-"


def odd_words(chrome: Chrome, language: str) -> list[str]:
    """Return what the open page says in another language than this one."""
    return _odd(chrome, language, "")


def odd_words_in_others(chrome: Chrome) -> list[str]:
    """Ask for the same address in every language that could be chosen on the page instead."""
    offered = chrome.find_elements(By.CSS_SELECTOR, f'[data-action^="{_SWITCH}"]')
    codes = [str(each.get_attribute("data-action"))[len(_SWITCH) :] for each in offered]
    pages = {code: _source(chrome, code) for code in codes}
    return [word for code, page in pages.items() if page for word in _odd(chrome, code, page)]


def _odd(chrome: Chrome, language: str, source: str) -> list[str]:
    labels = chrome.execute_script(_WORDS, _LABELS, _DATA, _FOLDED, source)
    return [text for text in labels if _FOREIGN[language].search(_SPARED.sub("", text))]


def _source(chrome: Chrome, language: str) -> str:
    """Return what the address shows to another reader; nothing where only a form leads to it."""
    cookies = {each["name"]: each["value"] for each in chrome.get_cookies()}
    cookies[settings.LANGUAGE_COOKIE_NAME] = language
    header = "; ".join(f"{name}={value}" for name, value in cookies.items())
    asked = request.Request(chrome.current_url, headers={"Cookie": header})  # noqa: S310 loopback
    try:
        with request.urlopen(asked, timeout=_PATIENCE) as answer:  # noqa: S310 loopback
            page = str(answer.read().decode())
            led_to = answer.url
    except HTTPError as refused:  # the page says why
        return refused.read().decode()
    assert led_to == chrome.current_url.partition("#")[0], "another page was looked at"
    assert f'<html lang="{language}"' in page
    return page

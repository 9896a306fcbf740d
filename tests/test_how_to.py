"""The how-to pages name what the screens say."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGES = sorted((ROOT / "docs" / "how-to").rglob("*.md"))
NAMED = re.compile(r"(?<!\*)\*([^*\n]+)\*(?!\*)")
OTHERS = {"add", "додај", "djordjevic mil"}  # Django's own words, and what somebody types


def on_screens() -> set[str]:
    catalogue = polib.pofile(str(ROOT / "locale" / "sr" / "LC_MESSAGES" / "django.po"))
    return {text.casefold() for entry in catalogue for text in (entry.msgid, entry.msgstr)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_is_named_stands_on_a_screen(page: Path) -> None:
    named = {each.casefold() for each in NAMED.findall(page.read_text())}
    assert named - on_screens() - OTHERS == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_is_linked_is_there(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []

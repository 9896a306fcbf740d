"""Sentences in the language of the command line."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cardops
from cardops.diagnose import Code, Finding, words
from cardops.texts import Texts

_FOLDER = Path(cardops.__file__).parents[1] / "locale"


def load(language: str) -> Texts:
    return Texts(language, _FOLDER)


def of_fault(code: str, facts: Mapping[str, Any], language: str) -> str:
    """Return what an error means for a card, empty for what only an engineer can read."""
    if code not in set(Code):
        return ""
    said = words.of(Finding(Code(code), dict(facts)), load(language))
    return f"{said.wrong} {said.next}"

"""Names of people as they are written: in any alphabet of the country, kept as typed."""

import re
import unicodedata

from registration.rules import findings
from registration.rules.findings import Finding, gettext_noop

_DIGRAPH_SIGNS = re.compile("[\u01c4-\u01cc]")  # Ǆ … ǌ: two letters in one code
_JOINERS = frozenset(" -‐‑–'’ʼ.")


def clean(text: str) -> str:
    """Fold what looks the same into one spelling: single-code digraphs, accents, spaces."""
    split = _DIGRAPH_SIGNS.sub(lambda sign: unicodedata.normalize("NFKC", sign[0]), text)
    return " ".join(unicodedata.normalize("NFC", split).split())


def check(name: str, field: str) -> tuple[Finding, ...]:
    """Refuse what no name holds; an empty name passes here."""
    if any(unicodedata.category(letter).startswith(("N", "C")) for letter in name):
        message = gettext_noop(
            "“%(name)s” holds a digit or an invisible character: delete the name and type it as it"
            " stands on the identity card."
        )
        return (
            findings.refuse(
                f"{_code(field)}-with-digit-or-control", field, message, name=_shown(name)
            ),
        )
    if strange := sorted({letter for letter in name if not _belongs(letter)}):
        message = gettext_noop(
            "“%(name)s” holds unusual characters (%(characters)s): compare it with the identity"
            " card and confirm, or correct it."
        )
        characters = " ".join(strange)
        code = f"{_code(field)}-with-unusual-characters"
        return (findings.warn(code, field, message, name=name, characters=characters),)
    return _check_scripts(name, field)


def _belongs(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LM" or letter in _JOINERS


def _check_scripts(name: str, field: str) -> tuple[Finding, ...]:
    """Warn of a word in two scripts: a Cyrillic а among Latin letters matches nothing."""
    for word in re.split(r"[\s\-]+", name):
        if len(_scripts(word)) > 1:
            message = gettext_noop(
                "“%(word)s” mixes Cyrillic and Latin letters: type the name again in one script,"
                " or confirm that it is so on the identity card."
            )
            return (findings.warn(f"{_code(field)}-in-two-scripts", field, message, word=word),)
    return ()


def _scripts(word: str) -> set[str]:
    letters = (unicodedata.name(letter, "") for letter in word if letter.isalpha())
    return {name.split(" ")[0] for name in letters} & {"CYRILLIC", "LATIN"}


def _code(field: str) -> str:
    """Each field has codes of its own: to confirm the surname is not to confirm the rest."""
    return field.replace("_", "-")


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "�" for letter in name)

"""The citizen's language: sentences from the catalogues, without Django."""

import gettext
from pathlib import Path


class Texts:
    """Translates English msgids into one language; what is missing stays English."""

    def __init__(self, language: str, folder: Path | None) -> None:
        """Take a language tag as "sr-Latn" and the folder that holds the catalogues."""
        self.language = language
        base, _, _script = language.partition("-")
        locales = [language.replace("-", "_"), base]
        self._catalogue = gettext.translation("cardops", folder, locales, fallback=True)

    def __call__(self, message: str) -> str:
        return self._catalogue.gettext(message)

    def plural(self, one: str, many: str, count: int) -> str:
        return self._catalogue.ngettext(one, many, count)


def gettext_noop(message: str) -> str:
    """Mark a sentence for the catalogues; whoever shows it translates it."""
    return message

"""`manage.py derive_latin`: makes the Serbian Latin catalogues from the Cyrillic ones."""

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from registration.rules import scripts


class Command(BaseCommand):
    help = "Derives locale/sr_Latn from locale/sr, letter by letter, so that they cannot drift."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say whether they differ")

    def handle(self, *_args: Any, check: bool, **_options: Any) -> None:
        for source in sorted(Path(settings.LOCALE_PATHS[0]).glob("sr/LC_MESSAGES/*.po")):
            target = source.parents[2] / "sr_Latn" / "LC_MESSAGES" / source.name
            derived = _derive(source)
            if check:
                _require_same(target, derived)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(derived)


def _derive(source: Path) -> str:
    """Return the Latin catalogue as text; CommandError where the Cyrillic one has a gap."""
    catalogue = polib.pofile(str(source), wrapwidth=0)
    gaps = catalogue.untranslated_entries() + catalogue.fuzzy_entries()
    if gaps:
        raise CommandError(f"{source.name}: not translated: {[entry.msgid for entry in gaps]}")
    for entry in catalogue:
        entry.msgstr = scripts.to_latin(entry.msgstr)
        for plural, text in entry.msgstr_plural.items():
            entry.msgstr_plural[plural] = scripts.to_latin(text)
    catalogue.metadata["Language"] = "sr@latin"
    return f"{catalogue}\n"


def _require_same(target: Path, derived: str) -> None:
    if not target.exists() or target.read_text() != derived:
        raise CommandError(
            f"{target.name} (Latin) is not what the Cyrillic one gives: run derive_latin"
        )

"""The catalogues: complete, derived, and what the code says today."""

import re
import shutil
import subprocess
from pathlib import Path

import polib
import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CATALOGUES = sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po"))
RENAMED = re.compile(r"gettext\w* as (?!_\b)")
PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|<[^>]+>")


def test_no_string_is_missing_and_none_is_left_over(tmp_path: Path) -> None:
    """Collect the strings anew in a copy; what comes out must be what lies here."""
    for name in ("archive", "cardops", "config", "locale", "registration", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("*.mo"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    subprocess.run([tmp_path / "config" / "messages"], check=True, capture_output=True)
    for catalogue in CATALOGUES:
        anew = (tmp_path / catalogue.relative_to(ROOT)).read_text()
        assert anew == catalogue.read_text(), f"{catalogue.relative_to(ROOT)}: config/messages"


def test_every_string_is_marked_by_a_name_that_is_collected() -> None:
    packages = ("archive", "cardops", "config", "registration")
    modules = [path for name in packages for path in (ROOT / name).rglob("*.py")]
    assert [path for path in modules if RENAMED.search(path.read_text())] == []


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda each: f"{each.parts[-3]}-{each.stem}")
def test_every_sentence_keeps_what_is_put_into_it(catalogue: Path) -> None:
    for entry in polib.pofile(str(catalogue)):
        wanted = sorted(PLACE.findall(entry.msgid_plural or entry.msgid))
        for text in entry.msgstr_plural.values() or [entry.msgstr]:
            found = sorted(PLACE.findall(text))
            assert found == wanted or (entry.msgid_plural and set(found) <= set(wanted)), text

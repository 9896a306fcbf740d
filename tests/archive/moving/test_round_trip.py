"""An archive that was taken along is the same archive elsewhere, and is taken along from there."""

from pathlib import Path

import pytest

from tests.archive.moving import installation
from tests.archive.moving.conftest import Taken

pytestmark = pytest.mark.django_db

MOVES = "audit/streams/0002-moves.jsonl"


def payload(bag: Path) -> dict[str, bytes]:
    data = bag / "data"
    return {
        each.relative_to(data).as_posix(): each.read_bytes()
        for each in data.rglob("*")
        if each.is_file()
    }


def test_taken_along_and_brought_in_it_is_the_same(taken: Taken, tmp_path: Path) -> None:
    away = installation.made(tmp_path / "away", "moving_away")
    said = away.does("import_archive", taken.bag, "--public-key", taken.home.key)
    assert said.splitlines()[0] == "the bag is whole: a whole archive, 30 records"
    assert "the audit holds" in said.splitlines()[-1]
    away.does("export_archive", tmp_path / "again", "--all", "--reason", "Опет")
    first, second = payload(taken.bag), payload(tmp_path / "again")
    assert second.pop(MOVES).startswith(first.pop(MOVES))
    of_its_own = {name for name in second if name.startswith("audit/heads/2/")}
    assert of_its_own == {"audit/heads/2/heads.jsonl", "audit/heads/2/heads.pub.pem"}
    for name in of_its_own:
        del second[name]
    assert {name for name in first | second if first.get(name) != second.get(name)} == set()
    assert "the audit holds" in away.does("verify_audit")

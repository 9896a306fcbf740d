"""An archive that was taken along is the same archive elsewhere, and is taken along from there."""

import json
import re
from pathlib import Path

import bagit
import pytest

from tests.archive.installation import Installation
from tests.archive.moving import bags
from tests.archive.moving.conftest import Taken

pytestmark = pytest.mark.django_db

MOVES = "audit/streams/0002-moves.jsonl"
SEARCH = """
from archive import queries
from archive.models import Record
for asked in ({"box": "djordjevic djura"}, {"jmbg": "0101990610020"}):
    print(queries.search(queries.SearchQuery(**asked), limit=1).total)
"""
FILE = """
from archive.services import records
from tests.archive import cases
from tests.archive.conftest import Officer
numbers = {"file_number": "1/2027", "reference": "new", "case_number": "new", "certificates": ()}
print(records.file(cases.filing(**numbers), by=Officer()).pk)
"""
NUMBER = """
from archive.services import numbering
print(numbering.file_number(2026))
"""


def payload(bag: Path) -> dict[str, bytes]:
    data = bag / "data"
    return {
        each.relative_to(data).as_posix(): each.read_bytes()
        for each in data.rglob("*")
        if each.is_file()
    }


def differing(first: dict[str, bytes], second: dict[str, bytes]) -> set[str]:
    """Return the files that are not the same, but for what an installation says of itself."""
    assert second.pop(MOVES).startswith(first.pop(MOVES))
    return {name for name in first | second if first.get(name) != second.get(name)}


def test_taken_along_and_brought_in_it_is_the_same(
    taken: Taken, away: Installation, tmp_path: Path
) -> None:
    """Both are killed in between, and go on."""
    again = tmp_path / "again"
    bring = ("import_archive", taken.bag, "--public-key", taken.home.key)
    away.kill(*bring, when="recordfile")
    assert "half brought in" in away.refuses("import_archive", other(taken, tmp_path / "other"))
    said = away.does(*bring).splitlines()
    assert said[0] == "the bag is whole: a whole archive, 30 records"
    assert [line for line in said if line.startswith(("record:", "recordcertificate:"))] == []
    assert said[-1].startswith("30 records are here; the audit holds: ")
    take = ("export_archive", again, "--all", "--reason", "Опет")
    away.kill(*take, when=again / "data/records/10_2026/record.json")
    assert not (again / "tagmanifest-sha256.txt").exists()
    (again / "data/records/10_2026/.draft-x").write_bytes(b"half")
    kept = re.search(r"\((\d+) were there already", away.does(*take))
    assert kept
    assert int(kept[1]) > 50
    bagit.Bag(str(again)).validate()
    own = {"audit/heads/2/heads.jsonl", "audit/heads/2/heads.pub.pem"}
    assert differing(payload(taken.bag), payload(again)) == own
    assert "a bag that is whole lies there" in away.refuses(*take)
    assert away.run(SEARCH).split() == ["8", "30"]
    assert away.run(FILE).split() == ["31"]
    assert away.run(NUMBER).split() == ["2/2026"]
    assert away.does("verify_audit").startswith("the audit holds")


def test_a_log_that_was_cut_off_is_found_by_its_signed_heads(
    taken: Taken, away: Installation, tmp_path: Path
) -> None:
    """Whoever cuts it can sign the bag anew, not the heads."""

    def cut(bag: Path) -> None:
        path = bag / "data/audit/streams/0001-decisions.jsonl"
        path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))

    bag = bags.copy(taken.bag, tmp_path / "bag", cut, bags.signed_again)
    said = away.refuses("import_archive", bag)
    assert "“decisions” was cut off" in said
    assert "its log does not hold: do not work with it" in said


def other(taken: Taken, to: Path) -> Path:
    return bags.copy(taken.bag, to, bags.signed_again)


def test_some_records_are_taken_along_with_what_is_said_of_them(
    taken: Taken, away: Installation, tmp_path: Path
) -> None:
    """The list names three; the bag has their rows, and the log's events with their proofs."""
    chosen = tmp_path / "list.csv"
    chosen.write_text("\ufeff1/2026;x\n2/2026\nСЕ-7/2026\n\n")
    few = ("export_archive", tmp_path / "few", "--numbers", chosen, "--reason", "Суд")
    taken.home.does(*few, "--zip", tmp_path / "few.zip")
    records = tmp_path / "few/data/records"
    assert {path.name for path in records.iterdir()} == {"1_2026", "2_2026", "7-2026~30"}
    told = json.loads((records / "1_2026/audit.json").read_bytes())
    assert [each["event"]["event"] for each in told] == [
        "record.filed",
        "record.paper_scanned",
        "record.paper_sealed",
        "record.certificate_ended",
    ]
    assert not (tmp_path / "few/data/audit").exists()
    said = away.does("import_archive", tmp_path / "few.zip")
    assert "a selection, without the log, 3 records" in said
    assert "nobody vouches for it" in said
    away.does("export_archive", tmp_path / "again", "--all", "--reason", "Опет")
    first, second = payload(tmp_path / "few"), payload(tmp_path / "again")
    of_log = {name for name in first | second if "audit" in name}
    differ = {name for name in first | second if first.get(name) != second.get(name)}
    assert differ - of_log == set()


def test_what_cannot_be_chosen_is_refused_with_a_sentence(taken: Taken, tmp_path: Path) -> None:
    chosen = tmp_path / "list.csv"
    chosen.write_text("1/2026\n777/1999\n")
    bag, why = tmp_path / "bag", ("--reason", "x")
    home = taken.home
    assert "777/1999" in home.refuses("export_archive", bag, "--numbers", chosen, *why)
    assert "no record fits" in home.refuses("export_archive", bag, "--search", "Непознат", *why)
    assert "say why" in home.refuses("export_archive", bag, "--year", 2026, "--reason", " ")
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine.txt").write_text("mine")
    full = home.refuses("export_archive", tmp_path / "full", "--all", *why)
    assert "holds something else" in full

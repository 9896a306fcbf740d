"""A bag that is not what we wrote is refused, each for its own reason, before a row is written."""

import os
from pathlib import Path

import pytest
from django.db import connection

from archive.bag import packed, tags
from tests.archive.cases import START
from tests.archive.moving import bags
from tests.archive.moving.bags import Change, replace
from tests.archive.moving.conftest import Taken

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor == "postgresql", reason="asks the database nothing"),
]

PAPER = "data/records/1_2026/papers/01-request-1.pdf"
CERTIFICATE = "data/records/1_2026/certificates/signing-4f00aa0001.cer"
RECORDS, EVENTS = "data/tables/record.jsonl", "data/tables/recordevent.jsonl"
LOG = "data/audit/streams/0001-decisions.jsonl"


def flip(name: str) -> Change:
    def change(bag: Path) -> None:
        data = bytearray((bag / name).read_bytes())
        data[len(data) // 2] ^= 1
        (bag / name).write_bytes(data)

    return change


def remove(name: str) -> Change:
    return lambda bag: (bag / name).unlink()


def add(name: str) -> Change:
    return lambda bag: (bag / name).write_bytes(b"x")


def link(name: str) -> Change:
    def change(bag: Path) -> None:
        (bag / name).unlink()
        (bag / name).symlink_to("/etc/hostname")

    return change


def listed(line: str) -> Change:
    def change(bag: Path) -> None:
        with (bag / tags.MANIFEST).open("a") as file:
            file.write(line)

    return change


def cut(name: str) -> Change:
    """Leave out the second line."""

    def change(bag: Path) -> None:
        lines = (bag / name).read_bytes().splitlines(keepends=True)
        (bag / name).write_bytes(b"".join(lines[:1] + lines[2:]))

    return change


ZERO = "0" * 64
BYTES: list[tuple[Change, set[str]]] = [
    (flip(PAPER), {"changed"}),
    (flip(tags.SIGNATURE), {"signature"}),
    (remove(PAPER), {"missing", "oxum"}),
    (remove(tags.TAGS), {"missing", "signature"}),
    (add("data/records/1_2026/papers/virus.exe"), {"unlisted", "oxum"}),
    (link(PAPER), {"link", "missing", "oxum"}),
    (listed(f"{ZERO}  data/../../../etc/passwd\n"), {"changed", "name"}),
    (listed(f"{ZERO}  /etc/passwd\n"), {"changed", "name"}),
    (listed(f"{ZERO}  data/C:\\boot.ini\n"), {"changed", "name"}),
    (listed(f"{ZERO}  {PAPER}\n"), {"changed", "twice"}),
    (listed("what is this\n"), {"changed", "manifest"}),
    (replace(tags.DECLARATION, "1.0", "7.0"), {"changed", "version"}),
]
CONTENT: list[tuple[Change, set[str]]] = [
    (replace(tags.INFO, "Version: 1", "Version: 99"), {"export-version"}),
    (remove(EVENTS), {"table"}),
    (add("data/tables/invented.jsonl"), {"table-unknown"}),
    (replace(RECORDS, '"jmbg":', '"jmbq":'), {"column-unknown", "reference"}),
    (replace(RECORDS, '"kind":"issue",', ""), {"column-missing", "reference"}),
    (replace(RECORDS, '"filed_on":"', '"filed_on":"3'), {"column-value", "reference"}),
    (replace(RECORDS, '"officer":"', f'"officer":"{"Ј" * 300}'), {"column-value", "reference"}),
    (replace(RECORDS, '"id":2,', '"id":1,'), {"row-twice", "reference"}),
    (replace(EVENTS, '"record_id":1,', '"record_id":9999,'), {"reference"}),
    (remove(CERTIFICATE), {"file"}),
    (replace(LOG, '"actor":"jelena"', '"actor":"mallory"'), {"chain-hash"}),
    (cut(LOG), {"chain-gap"}),
    (replace(LOG, '"surname":"', '"surname":"Х'), {"private"}),
    (replace(LOG, '"hash":', '"hush":'), {"event", "chain-gap"}),
]


@pytest.mark.parametrize(("change", "reasons"), BYTES)
def test_what_was_changed_is_named(
    taken: Taken, tmp_path: Path, change: Change, reasons: set[str]
) -> None:
    assert bags.found(bags.copy(taken.bag, tmp_path / "bag", change)) == reasons


@pytest.mark.parametrize(("change", "reasons"), CONTENT)
def test_what_was_changed_and_signed_again_is_named(
    taken: Taken, tmp_path: Path, change: Change, reasons: set[str]
) -> None:
    bag = bags.copy(taken.bag, tmp_path / "bag", change, bags.signed_again)
    found = bags.found(bag)
    assert found & reasons
    assert found - reasons == set()


def test_what_was_not_changed_is_not_refused(taken: Taken, tmp_path: Path) -> None:
    """Without this the refusals above would say nothing."""
    assert bags.found(taken.bag, taken.home.key.read_bytes()) == set()
    again = bags.copy(taken.bag, tmp_path / "again", bags.signed_again)
    assert bags.found(again) == set()
    assert bags.found(again, taken.home.key.read_bytes()) == {"signature"}


def test_a_zip_is_read_as_its_folder_is(taken: Taken, tmp_path: Path) -> None:
    whole, changed = tmp_path / "whole.zip", tmp_path / "changed.zip"
    with whole.open("wb") as out:
        packed.pack(taken.bag, out, START)
    assert bags.found(whole, taken.home.key.read_bytes()) == set()
    data = whole.read_bytes()
    place = data.index(b"%PDF-1.7 request 1")
    changed.write_bytes(data[:place] + b"?" + data[place + 1 :])
    assert bags.found(changed) == {"changed"}


def test_what_is_no_bag_is_refused_with_a_sentence(taken: Taken, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(os.urandom(200))
    home = taken.home
    assert home.refuses("import_archive", tmp_path).startswith("CommandError: there is no bag at")
    assert "neither a folder nor a ZIP" in home.refuses("import_archive", tmp_path / "file")
    bad = bags.copy(taken.bag, tmp_path / "bad", flip(PAPER))
    assert home.refuses("import_archive", bad).splitlines() == [
        f"{PAPER}: was changed since the bag was made",
        "CommandError: 1 faults: nothing was brought in. Get a whole copy of the bag.",
    ]
    assert "there is an archive already" in home.refuses("import_archive", taken.bag)

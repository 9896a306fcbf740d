"""Every stored byte is verified, whatever was done to it is found, and it can be put back."""

import io
import os
import random
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from archive import store
from archive.models import AuditEvent, Blob, FixityFinding, FixityRound, Record, RecordFile
from archive.services import audit, records
from archive.services.files import blobs, fixity, mirroring, repairs, rewrapping
from archive.store import PlaceError, sealed
from archive.store.folder import Folder
from archive.store.place import Place
from tests.archive import cases
from tests.archive.conftest import Officer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("folder", "heads_file"),
]
Found = set[tuple[str, str, str]]
PATIENCE = 30.0  # seconds; a round that has come no further by then hangs


@pytest.fixture
def record(officer: Officer) -> Record:
    return records.file(cases.filing(), by=officer)


def path(folder: Path, sha256: str) -> Path:
    return folder / sha256[:2] / sha256


def flip(file: Path, at: int = -1) -> None:
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    file.write_bytes(data)


def with_files(record: Record, data: list[bytes]) -> list[str]:
    """Let a record name many small files."""
    named = [store.put(each) for each in data]
    RecordFile.objects.bulk_create(
        RecordFile(
            record=record,
            position=position,
            kind=f"k{position}",
            copy=1,
            title="",
            sha256=sha256,
            size=1,
            pages=1,
            media_type="application/pdf",
            retained=True,
        )
        for position, sha256 in enumerate(named)
    )
    return named


def whole_round(now_in: timedelta = timedelta()) -> FixityRound:
    fixity.begin(by=None)
    current = fixity.go_on(timezone.now() + now_in, seconds=PATIENCE)
    assert current
    assert not current.open
    return current


def standing() -> Found:
    rows = FixityFinding.objects.filter(ended_at=None)
    return {(each.name, each.where, each.kind) for each in rows}


def endings() -> list[str]:
    return [each.ending for each in FixityFinding.objects.order_by("pk")]


def test_a_thousand_touched_files_are_all_found_and_no_other(
    record: Record, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Flipped, cut off, exchanged, removed, keys too; 1,100 of 1,200 files."""
    monkeypatch.setattr(os, "fsync", int)  # nothing of this is to outlive a power cut
    chance = random.Random(22)
    named = with_files(record, [b"paper %d " % number * 9 for number in range(1200)])
    touched, expected = named[:1100], set()
    for number, sha256 in enumerate(touched[:1000]):
        file = path(folder, sha256)
        if number % 2:
            flip(file, chance.randrange(file.stat().st_size))
        else:
            file.write_bytes(file.read_bytes()[: chance.randrange(file.stat().st_size)])
        expected.add((sha256, "store", "damaged"))
    for one, other in list(pairwise(touched[1000:1060]))[::2]:
        first, second = path(folder, one), path(folder, other)
        was = first.read_bytes()
        first.write_bytes(second.read_bytes())
        second.write_bytes(was)
        expected |= {(one, "store", "damaged"), (other, "store", "damaged")}
    for sha256 in touched[1060:1080]:
        next(folder.glob(f"{sha256[:2]}/{sha256}.*")).unlink()
        expected.add((sha256, "store", "damaged"))
    for sha256 in touched[1080:]:
        path(folder, sha256).unlink()
        expected.add((sha256, "store", "missing"))
    current = whole_round()
    assert standing() == expected
    assert current.checked == 1200 + 5
    assert AuditEvent.objects.filter(event="files.found").count() == 1100


def test_a_round_goes_on_where_a_killed_worker_left_it(
    record: Record, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = with_files(record, [b"%d" % number for number in range(250)])
    flip(path(folder, named[240]))
    fixity.begin(by=None)
    read: list[str] = []

    def killed(place: Place, sha256: str) -> int:
        read.append(sha256)
        if len(read) == 120:
            raise KeyboardInterrupt
        return looked(place, sha256)

    looked = sealed.verify
    monkeypatch.setattr(sealed, "verify", killed)
    with pytest.raises(KeyboardInterrupt):
        fixity.go_on(timezone.now(), seconds=PATIENCE)
    assert FixityRound.objects.get().checked == 2 + 100
    FixityRound.objects.update(claimed_until=timezone.now() + timedelta(minutes=1))
    assert fixity.go_on(timezone.now(), seconds=PATIENCE) is None  # another may still be at it
    current = fixity.go_on(timezone.now() + timedelta(minutes=2), seconds=PATIENCE)
    assert (current.checked, current.open) == (255, False)
    assert standing() == {(named[240], "store", "damaged")}
    assert len(read) == 120 + 153
    assert fixity.go_on(timezone.now(), seconds=PATIENCE) is None  # the next one is due in a month
    assert fixity.go_on(timezone.now() + timedelta(days=31), seconds=PATIENCE).checked == 255


def test_a_finding_ends_when_the_file_is_whole_or_nobody_names_it(
    record: Record, folder: Path, officer: Officer
) -> None:
    first, second = with_files(record, [b"one", b"two"])
    for each in (first, second):
        flip(path(folder, each))
    whole_round()
    flip(path(folder, first))
    with audit.transaction():
        RecordFile.objects.filter(sha256=second).delete()
        blobs.drop([second], by=officer)
    whole_round()
    assert standing() == set()
    assert sorted(endings()) == ["unnamed", "whole"]


def test_a_file_that_no_row_names_is_told_and_destroyed_a_month_later(
    record: Record, folder: Path
) -> None:
    orphan = store.put(b"of a process that was killed")
    (folder / "note.txt").write_text("put here by hand")
    assert standing() == set()
    old = timedelta(days=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fixity, "_UNNAMED", -old)
        whole_round()
        assert standing() == {(orphan, "store", "extra"), ("note.txt", "store", "extra")}
        FixityFinding.objects.update(found_at=timezone.now() - timedelta(days=31))
        whole_round()
        assert not store.exists(orphan)
        assert standing() == {("note.txt", "store", "extra")}  # whose it is we do not know
        assert all(store.exists(each) for each in blobs.of_record(record))


def test_the_replica_has_every_file_and_gives_it_back(
    record: Record, folder: Path, replica: Path, officer: Officer
) -> None:
    named = blobs.of_record(record)
    assert mirroring.waiting() == 5
    assert mirroring.catch_up(seconds=60) == 5
    assert {each.name for each in replica.rglob("*") if each.name in named} == named
    first, second, third = sorted(named)[:3]
    flip(path(folder, first))
    path(folder, second).unlink()
    flip(path(replica, third))
    whole_round()
    assert standing() == {(first, "store", "damaged"), (second, "store", "missing")}
    assert sorted(endings()) == ["", "", "repaired"]
    for finding in FixityFinding.objects.filter(ended_at=None):
        repairs.repair(finding, by=officer)
    assert standing() == set()
    assert all(store.get(each) for each in named)
    whole_round()
    assert len(endings()) == 3


def test_a_replica_that_is_away_hinders_nobody(officer: Officer, replica: Path) -> None:
    replica.rmdir()
    record = records.file(cases.filing(), by=officer)
    assert mirroring.catch_up(seconds=60) == 0
    assert whole_round().checked == 5
    assert standing() == set()
    replica.mkdir()
    assert mirroring.catch_up(seconds=60) == 5
    named = blobs.of_record(record)
    assert {each.name for each in replica.rglob("*")} >= named


def test_destruction_reaches_the_replica(record: Record, replica: Path, officer: Officer) -> None:
    named = with_files(record, [b"one"])
    with audit.transaction():
        blobs.keep(named)
    mirroring.catch_up(seconds=60)
    with audit.transaction():
        RecordFile.objects.filter(sha256=named[0]).delete()
        blobs.drop(named, by=officer)
    assert not store.exists(named[0])
    assert not path(replica, named[0]).exists()
    assert not Blob.objects.filter(pk=named[0]).exists()


def test_without_a_whole_copy_nothing_is_repaired(
    record: Record, folder: Path, officer: Officer
) -> None:
    (sha256,) = with_files(record, [b"one"])
    flip(path(folder, sha256))
    whole_round()
    with pytest.raises(repairs.NoSourceError):
        repairs.repair(FixityFinding.objects.get(), by=officer)
    assert standing() == {(sha256, "store", "damaged")}


def test_a_backup_of_the_folder_gives_files_back_by_command(
    record: Record, folder: Path, tmp_path: Path
) -> None:
    first, second = with_files(record, [b"one", b"two"])
    backup = Folder(tmp_path / "backup")
    for file in folder.glob(f"{first[:2]}/{first}*"):
        backup.write({str(file.relative_to(folder)): [file.read_bytes()]})
    for each in (first, second):
        path(folder, each).unlink()
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("files", "--check", stdout=out)
    with pytest.raises(CommandError, match="1 "):
        call_command("files", "--repair-from", str(backup.root), stdout=out)
    assert store.get(first) == b"one"
    assert standing() == {(second, "store", "missing")}
    call_command("files", stdout=out)
    assert "7 files checked" in out.getvalue()


def test_a_replica_that_is_away_is_reached_by_a_destruction_later(
    record: Record, replica: Path, officer: Officer
) -> None:
    named = with_files(record, [b"one"])
    with audit.transaction():
        blobs.keep(named)
    mirroring.catch_up(seconds=60)
    away = replica.rename(replica.with_name("away"))
    with pytest.raises(PlaceError):
        list(rewrapping.rewrap(by=officer))
    with audit.transaction():
        RecordFile.objects.filter(sha256=named[0]).delete()
        blobs.drop(named, by=officer)
    assert Blob.objects.filter(pk=named[0]).exists()  # is not said to be destroyed
    away.rename(replica)
    assert path(replica, named[0]).exists()
    blobs.sweep(timezone.now() + timedelta(days=1))
    assert not path(replica, named[0]).exists()
    assert not Blob.objects.filter(pk=named[0]).exists()

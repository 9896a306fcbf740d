import hashlib
from pathlib import Path

import pytest
from django.conf import settings

from archive import store

DATA = b"%PDF-1.7 " + bytes(range(256)) * 40
ADDRESS = hashlib.sha256(DATA).hexdigest()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(settings.OVERA, "FILES", tmp_path / "files")
    return tmp_path / "files"


def stored(folder: Path) -> Path:
    (path,) = (path for path in folder.rglob("*") if path.is_file())
    return path


def test_what_was_put_comes_back_by_its_hash(folder: Path) -> None:
    assert not store.exists(ADDRESS)
    assert store.put(DATA) == ADDRESS
    assert store.exists(ADDRESS)
    assert store.get(ADDRESS) == DATA


def test_nothing_of_the_content_lies_readable_on_disk(folder: Path) -> None:
    store.put(DATA)
    assert stored(folder).name == ADDRESS
    assert b"PDF" not in stored(folder).read_bytes()


def test_the_same_bytes_are_stored_once(folder: Path) -> None:
    store.put(DATA)
    before = stored(folder).read_bytes()
    assert store.put(DATA) == ADDRESS
    assert stored(folder).read_bytes() == before


def test_a_missing_file_is_named() -> None:
    with pytest.raises(store.FileMissingError) as caught:
        store.get(ADDRESS)
    assert caught.value.sha256 == ADDRESS


@pytest.mark.parametrize("place", [0, 3, 9, 40, -1])
def test_a_flipped_byte_is_noticed_and_putting_again_repairs(folder: Path, place: int) -> None:
    store.put(DATA)
    damaged = bytearray(stored(folder).read_bytes())
    damaged[place] ^= 1
    stored(folder).write_bytes(damaged)
    with pytest.raises(store.FileDamagedError):
        store.get(ADDRESS)
    store.put(DATA)
    assert store.get(ADDRESS) == DATA


def test_a_file_under_anothers_address_is_damaged(folder: Path) -> None:
    other = store.put(b"other")
    store.put(DATA)
    (folder / ADDRESS[:2] / ADDRESS).write_bytes((folder / other[:2] / other).read_bytes())
    with pytest.raises(store.FileDamagedError):
        store.get(ADDRESS)


@pytest.mark.parametrize("address", ["", "../../etc/passwd", ADDRESS.upper(), ADDRESS + "0"])
def test_only_hashes_are_addresses(address: str) -> None:
    with pytest.raises(store.AddressError):
        store.get(address)

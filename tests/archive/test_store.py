"""Whatever the place: what was put comes back, and what was touched is noticed."""

import hashlib
import io
import itertools
import random
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from archive import store, vault
from archive.store import places, sealed
from archive.store.sealing import PIECE

pytestmark = pytest.mark.usefixtures("folder")

DATA = b"%PDF-1.7 " + bytes(range(256)) * 40
ADDRESS = hashlib.sha256(DATA).hexdigest()
LARGE = random.Random(7).randbytes(2 * PIECE + 1000)
SIZES = (0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 1000)


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(settings.OVERA, "KEYS", tmp_path / "keys")
    yield
    vault.forget_keys()


def stored(folder: Path, sha256: str = ADDRESS) -> Path:
    return folder / sha256[:2] / sha256


def key_of(path: Path) -> Path:
    (key,) = path.parent.glob(f"{path.name}.*")
    return key


def put_before(folder: Path, data: bytes) -> Path:
    """Store a file as the earlier versions did: sealed whole by the data key."""
    path = stored(folder, store.address(data))
    path.parent.mkdir(parents=True)
    path.write_bytes(vault.seal(data, f"file:{path.name}"))
    return path


@pytest.mark.parametrize("size", SIZES)
def test_what_was_put_comes_back_by_its_hash_whole_and_in_ranges(size: int) -> None:
    data = LARGE[:size]
    sha256 = store.address(data)
    assert not store.exists(sha256)
    assert store.put(data) == sha256
    assert store.exists(sha256)
    assert store.get(sha256) == data
    file = store.opened(sha256)
    assert file.size == size
    for start, stop in ((0, 1), (PIECE - 1, PIECE + 1), (PIECE, 2 * PIECE), (size - 1, size + 9)):
        assert b"".join(file.read(max(start, 0), stop)) == data[max(start, 0) : stop]


@pytest.mark.parametrize("size", SIZES)
def test_what_comes_in_pieces_is_the_same_file(size: int) -> None:
    data = LARGE[:size]
    pieces = (data[at : at + 70_001] for at in range(0, size, 70_001))
    sha256 = store.put(pieces)
    assert sha256 == store.address(data)
    assert store.get(sha256) == data


def test_a_large_file_goes_through_little_memory() -> None:
    """64 MiB in and out again; a few pieces are held at a time."""
    block = bytes(1024 * 1024)
    tracemalloc.start()
    try:
        file = store.opened(store.put(itertools.repeat(block, 64)))
        assert sum(len(piece) for piece in file.read()) == file.size == 64 * len(block)
        assert tracemalloc.get_traced_memory()[1] < 8 * len(block)
    finally:
        tracemalloc.stop()


def test_nothing_of_the_content_lies_readable_on_disk(folder: Path) -> None:
    store.put(DATA)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) == 2
    assert not any(b"PDF" in path.read_bytes() for path in files)


def test_the_same_bytes_are_stored_once(folder: Path) -> None:
    store.put(DATA)
    before = stored(folder).read_bytes()
    assert store.put(DATA) == store.put([DATA]) == ADDRESS
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


@pytest.mark.parametrize("kept", [0, 5, 9, 20, 9 + PIECE + 16, -1])
def test_a_truncated_file_is_noticed_even_between_its_pieces(folder: Path, kept: int) -> None:
    sha256 = store.put(LARGE)
    whole = stored(folder, sha256).read_bytes()
    stored(folder, sha256).write_bytes(whole[:kept])
    with pytest.raises(store.FileDamagedError):
        list(store.opened(sha256).read())


def test_pieces_cannot_change_places(folder: Path) -> None:
    sha256 = store.put(LARGE)
    path, length = stored(folder, sha256), PIECE + 16
    head, whole = path.read_bytes()[:9], path.read_bytes()[9:]
    path.write_bytes(head + whole[length : 2 * length] + whole[:length] + whole[2 * length :])
    with pytest.raises(store.FileDamagedError):
        list(store.opened(sha256).read(PIECE, PIECE + 1))


def test_a_lost_or_changed_key_is_damage(folder: Path) -> None:
    store.put(DATA)
    key = key_of(stored(folder))
    key.write_bytes(key.read_bytes()[:-1])
    with pytest.raises(store.FileDamagedError):
        store.get(ADDRESS)
    key.unlink()
    with pytest.raises(store.FileDamagedError):
        store.get(ADDRESS)


def test_a_file_under_anothers_address_is_damaged_with_its_key_too(folder: Path) -> None:
    other = store.put(b"other")
    store.put(DATA)
    stored(folder).write_bytes(stored(folder, other).read_bytes())
    with pytest.raises(store.FileDamagedError):
        store.get(ADDRESS)
    suffix = key_of(stored(folder, other)).suffix
    stored(folder).with_suffix(suffix).write_bytes(key_of(stored(folder, other)).read_bytes())
    with pytest.raises(store.FileDamagedError):
        store.get(ADDRESS)


@pytest.mark.parametrize("address", ["", "../../etc/passwd", ADDRESS.upper(), ADDRESS + "0"])
def test_only_hashes_are_addresses(address: str) -> None:
    with pytest.raises(store.AddressError):
        store.get(address)


def test_what_earlier_versions_stored_opens_and_gets_a_key_of_its_own(folder: Path) -> None:
    path = put_before(folder, DATA)
    assert store.get(ADDRESS) == DATA
    assert b"".join(store.opened(ADDRESS).read(5, 12)) == DATA[5:12]
    assert sealed.rewrap(places.main(), ADDRESS)
    assert path.read_bytes()[:1] == b"\x02"
    assert store.get(ADDRESS) == DATA


@pytest.mark.usefixtures("keys")
def test_a_new_data_key_seals_the_keys_anew_and_leaves_the_files(folder: Path) -> None:
    store.put(DATA)
    bytes_before, key_before = stored(folder).read_bytes(), key_of(stored(folder)).read_bytes()
    assert not sealed.rewrap(places.main(), ADDRESS)
    vault.add_key()
    assert store.get(ADDRESS) == DATA
    assert sealed.rewrap(places.main(), ADDRESS)
    assert not sealed.rewrap(places.main(), ADDRESS)
    assert stored(folder).read_bytes() == bytes_before
    assert key_of(stored(folder)).read_bytes() != key_before
    assert store.get(ADDRESS) == DATA


def test_deleting_takes_the_key_along(folder: Path) -> None:
    store.put(DATA)
    store.delete(ADDRESS)
    store.delete(ADDRESS)
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_what_the_disk_cannot_read_is_damaged(folder: Path) -> None:
    store.put(DATA)
    stored(folder).unlink()
    stored(folder).mkdir()
    with pytest.raises(store.FileDamagedError):
        store.get(ADDRESS)


@pytest.mark.django_db
@pytest.mark.usefixtures("keys")
def test_a_new_key_and_what_it_is_to_seal_by_command(folder: Path) -> None:
    earlier = put_before(folder, b"earlier")
    store.put(DATA)
    out = io.StringIO()
    call_command("files", "--new-key", stdout=out)
    before = stored(folder).read_bytes()
    for _turn in range(2):  # begun again, it passes over what is done
        call_command("files", "--rewrap", stdout=out)
    said = out.getvalue().splitlines()
    assert said[0].startswith("data key ")
    assert said[1:] == ["2 files, 2 of them sealed anew", "2 files, 0 of them sealed anew"]
    assert stored(folder).read_bytes() == before
    assert (store.get(earlier.name), store.get(ADDRESS)) == (b"earlier", DATA)


def test_a_disk_that_is_not_there_is_no_missing_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.OVERA, "FILES", tmp_path / "mount" / "files")
    with pytest.raises(store.PlaceError):
        store.get(ADDRESS)

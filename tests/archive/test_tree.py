import hashlib

import pytest

from archive import tree

HASHES = [hashlib.sha256(bytes([number])).hexdigest() for number in range(13)]


def fold(leaf: str, path: list[tree.Step]) -> str:
    node = hashlib.sha256(b"\x00" + bytes.fromhex(leaf)).digest()
    for side, other in path:
        pair = (bytes.fromhex(other), node) if side == "left" else (node, bytes.fromhex(other))
        node = hashlib.sha256(b"\x01" + b"".join(pair)).digest()
    return node.hex()


@pytest.mark.parametrize("size", range(1, 14))
def test_every_hash_leads_to_the_root_by_its_own_path_only(size: int) -> None:
    hashes = HASHES[:size]
    reached = [fold(each, tree.path(hashes, place)) for place, each in enumerate(hashes)]
    assert reached == [tree.root(hashes)] * size
    assert fold(HASHES[-1], tree.path(hashes, 0)) != tree.root(hashes)


def test_a_root_is_that_of_rfc_6962() -> None:
    """The tree of three leaves is split at the largest power of two."""
    leaves = [hashlib.sha256(b"\x00" + bytes.fromhex(each)).digest() for each in HASHES[:3]]
    pair = hashlib.sha256(b"\x01" + leaves[0] + leaves[1]).digest()
    assert tree.root(HASHES[:3]) == hashlib.sha256(b"\x01" + pair + leaves[2]).hexdigest()


def test_another_order_has_another_root() -> None:
    assert tree.root(HASHES[:4]) != tree.root(list(reversed(HASHES[:4])))

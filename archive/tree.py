"""Trees over the hashes of events: that one is among many can be shown without the others.

As RFC 6962, section 2.1 builds them, over the bytes of the events' hashes.
"""

import hashlib
from collections.abc import Iterator, Sequence

Step = tuple[str, str]
"""(on which side the other hash stands: "left" | "right", that hash in hex)"""


def root(hashes: Sequence[str]) -> str:
    """Return the root over at least one hash (hex)."""
    *_below, top = _levels(hashes)
    return top[0].hex()


def path(hashes: Sequence[str], place: int) -> list[Step]:
    """Return what the hash at `place` has to be joined with, from the leaf up, to get the root."""
    steps = []
    for level in _levels(hashes):
        beside = place ^ 1
        if beside < len(level):
            steps.append(("left" if beside < place else "right", level[beside].hex()))
        place //= 2
    return steps


def _levels(hashes: Sequence[str]) -> Iterator[list[bytes]]:
    """Yield leaves, then each level above them; a node without a neighbour rises as it is."""
    level = [_digest(b"\x00", bytes.fromhex(each)) for each in hashes]
    yield level
    while len(level) > 1:
        pairs = [level[at : at + 2] for at in range(0, len(level), 2)]
        level = [_digest(b"\x01", *pair) if len(pair) > 1 else pair[0] for pair in pairs]
        yield level


def _digest(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()

"""One slip of the fingers: two words are alike when leaving out a letter of each makes them equal.

It holds for a letter too many, too few, another one, or two that changed places; every database
can look it up.
"""

from collections.abc import Iterator

_SHORTEST = 4  # letters; shorter words are like too many others


def of(word: str) -> Iterator[str]:
    """Return the word and what remains of it without any one of its letters."""
    if len(word) < _SHORTEST:
        return
    yield word
    yield from dict.fromkeys(word[:at] + word[at + 1 :] for at in range(len(word)))


def alike(one: str, other: str) -> bool:
    return not set(of(one)).isdisjoint(of(other))

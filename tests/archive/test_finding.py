"""The index gives the nearest records that fit, however common they are and wherever they lie."""

from collections.abc import Callable

import pytest

from archive.search import index
from archive.search.index import Table
from archive.search.terms import Term, Word
from archive.search.words import Entry, Span

pytestmark = pytest.mark.django_db

MANY = 6000
FITTING: dict[str, Callable[[int], bool]] = {
    "all": lambda _number: True,
    "often": lambda number: number % 10 == 0,
    "sometimes": lambda number: number % 60 == 0,
    "rarely": lambda number: number % 900 == 0,
    "formerly": lambda number: number < 700,
    "lately": lambda number: number > 5950,
    "unevenly": lambda number: number > 5960 or number < 200,
    "never": lambda _number: False,
}
SPANS = [
    Span(5),
    Span(51),
    Span(1001),
    Span(5, below=3000),
    Span(51, below=3000),
    Span(5, above=3000),
    Span(51, above=5900),
]


@pytest.fixture
def many() -> None:
    entries = (
        Entry(
            number,
            f"{number}",
            frozenset(f"n{name}" for name, fits in FITTING.items() if fits(number)),
        )
        for number in range(1, MANY + 1)
    )
    index.insert(Table.SERVING, entries)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("name", FITTING)
def test_the_nearest_come_first(name: str) -> None:
    asked = [Term((Word("name", name),))]
    fitting = [number for number in range(1, MANY + 1) if FITTING[name](number)]
    for span in SPANS:
        found = [each.record for each in index.find(asked, span)]
        assert (span, found) == (span, nearest(fitting, span))


def nearest(fitting: list[int], span: Span) -> list[int]:
    if span.above:
        return [number for number in fitting if number > span.above][: span.most][::-1]
    older = [number for number in fitting if number < (span.below or MANY + 1)]
    return older[::-1][: span.most]

"""In which order the pages of a print run leave the printer, and where a sheet stays half empty."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Sheets:
    """A paper in the file to print: which copy it is, and how many pages it has."""

    copy: int
    pages: int


def order(papers: Sequence[Sheets], *, by_copies: bool, duplex: bool) -> list[int | None]:
    """Return the pages (from 0) of a file with these papers as they are to be printed.

    `by_copies`: what stays comes before what goes home. `duplex`: None after a paper with an odd
    number of pages, so that the next one begins on a sheet of its own.
    """
    firsts = [sum(each.pages for each in papers[:at]) for at in range(len(papers))]
    placed = list(zip(papers, firsts, strict=True))
    if by_copies:
        placed.sort(key=lambda each: each[0].copy)  # stable: within a copy as they are signed
    pages: list[int | None] = []
    for paper, first in placed:
        pages += range(first, first + paper.pages)
        pages += [None] * (duplex and paper.pages % 2)
    return pages[:-1] if pages and pages[-1] is None else pages

"""Which page of ours a scan is: what its codes say, and whether the office can prove it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from registration.documents import codes
from registration.documents.codes import CodeError, CodeKey, PageCode
from registration.intake import cascade
from registration.intake.cascade import Found
from registration.intake.scans import ScannedPage
from registration.intake.symbols import Symbol


class Verdict(StrEnum):
    """In the order in which one of several codes on a page is believed."""

    NAMED = "named"
    SUPERSEDED = "superseded"  # ours, of a print run that no longer counts
    FORGED = "forged"  # says that it is ours and does not prove it
    FOREIGN = "foreign"  # a code that is not ours, or of a case that nobody here knows
    UNREADABLE = "unreadable"
    BLANK = "blank"


@dataclass(frozen=True)
class Known:
    """What the office has on record of a code's page; `superseded` says why it no longer counts."""

    content_hash: str
    superseded: str = ""


Lookup = Callable[[PageCode], Known | None]


@dataclass(frozen=True)
class Name:
    """What a page turned out to be.

    `symbols` are the codes that say so, corners in pixels of the full picture; `step` is the step
    of the cascade that read them; `reason` is why a page is superseded; `others` are the texts of
    codes that say something else.
    """

    verdict: Verdict
    code: PageCode | None = None
    text: str = ""
    symbols: tuple[Symbol, ...] = ()
    step: str = ""
    reason: str = ""
    others: tuple[str, ...] = ()


_PROVEN = frozenset({Verdict.NAMED, Verdict.SUPERSEDED})
_ORDER = list(Verdict)


def glanced(page: ScannedPage, key: CodeKey, lookup: Lookup) -> Name:
    """Say which page of ours this is by the first code that is read; raise BrokenError."""
    return _named(cascade.glance(page), key, lookup)


def name(page: ScannedPage, key: CodeKey, lookup: Lookup) -> Name:
    """Say which page of ours this is by all its codes; raise BrokenError for no picture at all."""
    return _named(cascade.find(page), key, lookup)


def _named(found: Found, key: CodeKey, lookup: Lookup) -> Name:
    if found.blank:
        return Name(Verdict.BLANK)
    judged = [judge(text, key, lookup) for text in sorted({each.text for each in found.symbols})]
    if sum(each.verdict in _PROVEN for each in judged) > 1:
        texts = tuple(each.text for each in judged)
        return Name(Verdict.UNREADABLE, step=found.step, others=texts)  # two sheets in one picture
    return _best(judged, found)


def judge(text: str, key: CodeKey, lookup: Lookup) -> Name:
    """Say what a code's text is worth, read from a page or typed from its number line."""
    try:
        code = PageCode.parse(text)
    except CodeError:
        return Name(Verdict.FOREIGN, text=text)
    known = lookup(code)
    if known is None:
        return Name(Verdict.FOREIGN, code, text)
    if not codes.verify(text, known.content_hash, key):
        return Name(Verdict.FORGED, code, text)
    verdict = Verdict.SUPERSEDED if known.superseded else Verdict.NAMED
    return Name(verdict, code, text, reason=known.superseded)


def _best(judged: list[Name], found: Found) -> Name:
    if not judged:
        return Name(Verdict.UNREADABLE)
    best = min(judged, key=lambda each: _ORDER.index(each.verdict))
    return replace(
        best,
        symbols=tuple(each for each in found.symbols if each.text == best.text),
        step=found.step,
        others=tuple(each.text for each in judged if each is not best),
    )

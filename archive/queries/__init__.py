"""Questions to the archive: who may see which record, which records fit a search."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import QuerySet

from archive import vault
from archive.models import Record
from archive.queries import offices, shelves
from archive.queries.offices import Viewer as Viewer
from archive.search import folding, index, slips, terms
from archive.search.index import Table
from archive.search.words import Found, Span

COUNTED = 1000  # beyond it a count costs more than it tells
_AT_ONCE = 500  # records in memory where all are wanted
_LOOKED_AT, _OFFERED = 200, 5  # of what is like a name: records, suggestions
_NOWHERE = "-"  # the office of who has none
_SHOWN = (  # of a hit; the others of its sealed columns stay sealed
    *("file_number", "case_number", "surname", "given_name", "jmbg", "kind", "state"),
    *("office_code", "decided_on", "sort_key"),
)

_Some = tuple[Sequence[Found], bool, bool]  # are there earlier ones, later ones


@dataclass(frozen=True)
class SearchQuery:
    """The one box and the fields below it; what is filled in must all fit."""

    box: str = ""
    name: str = ""
    jmbg: str = ""
    document_number: str = ""
    case_number: str = ""
    file_number: str = ""
    serial: str = ""
    officer: str = ""
    office: str = ""
    place: str = ""
    note: str = ""
    paper: str = ""
    kind: str = ""
    state: str = ""
    decided_from: date | None = None
    decided_to: date | None = None
    filed_from: date | None = None
    filed_to: date | None = None
    valid_until_from: date | None = None
    valid_until_to: date | None = None

    @property
    def empty(self) -> bool:
        return self == SearchQuery()

    def terms(self) -> tuple[terms.Term, ...]:
        return (
            *terms.parse(self.box),
            *terms.of_name("name", self.name),
            *terms.of_token("jmbg", self.jmbg),
            *terms.of_token("document_number", self.document_number),
            *terms.of_number("case_number", self.case_number),
            *terms.of_number("file_number", self.file_number),
            *terms.of_number("serial", self.serial),
            *terms.of_name("officer", self.officer),
            *terms.of_words("office", self.office),
            *(terms.of_any("place", map(str, shelves.named(self.place))) if self.place else ()),
            *terms.of_words("note", self.note),
            *terms.of_code("paper", self.paper),
            *terms.of_code("kind", self.kind),
            *terms.of_code("state", self.state),
            *terms.of_span("decided_on", self.decided_from, self.decided_to),
            *terms.of_span("filed_on", self.filed_from, self.filed_to),
            *terms.of_span("valid_until", self.valid_until_from, self.valid_until_to),
        )


@dataclass(frozen=True)
class Hit:
    """A record that fits, and the names of the parts of it that made it fit."""

    record: Record
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Turn:
    """Where a page of hits begins: behind a record, or before one; by its id."""

    after: int = 0
    before: int = 0


@dataclass(frozen=True)
class SearchPage:
    """Some hits: in the order of the Serbian alphabet, of more than COUNTED the newest first."""

    hits: tuple[Hit, ...]
    total: int = 0  # exact up to COUNTED, else COUNTED + 1
    earlier: bool = False  # there are hits before these
    later: bool = False
    whole: bool = True  # every record can be found, see `whole`

    @property
    def over(self) -> bool:
        return self.total > COUNTED

    @property
    def first(self) -> int:
        return self.hits[0].record.pk

    @property
    def last(self) -> int:
        return self.hits[-1].record.pk


def visible_to(viewer: Viewer) -> QuerySet[Record]:
    """Return the records of the viewer's office, or all for whoever keeps the archive."""
    return offices.visible(Record.objects.all(), viewer)


def of_person(jmbg: str) -> QuerySet[Record]:
    """Return every record of a person, of whichever office."""
    return Record.objects.filter(jmbg_token__in=vault.tokens("jmbg", jmbg))


def fitting(query: SearchQuery, within: QuerySet[Record]) -> QuerySet[Record]:
    """Return all of `within` that fit, for whoever takes them along."""
    asked = query.terms()
    if not asked or not all(term.words for term in asked):
        return within.none()
    return within.filter(pk__in=index.fitting(asked))


def whole() -> bool:
    """Tell whether every record can be found: there is an index, and not only a half-made one."""
    return index.answering() == Table.SERVING


def search(
    query: SearchQuery, *, limit: int, viewer: Viewer | None = None, turn: Turn | None = None
) -> SearchPage:
    """Find records that `viewer` may see (None: all). What says nothing finds nothing."""
    asked, table = _asked(query, viewer), index.answering()
    found = index.find(asked, Span(COUNTED + 1), table) if asked else []
    turn = turn or Turn()
    if len(found) > COUNTED:
        some, earlier, later = _newest(asked, turn, limit)
    else:
        some, earlier, later = _alphabetical(found, turn, limit)
    said = index.lexemes([each.record for each in some], table)
    hits = tuple(_hits(some, asked, viewer, said))
    return SearchPage(hits, len(found), earlier, later, table == Table.SERVING)


def latest(*, limit: int, viewer: Viewer) -> SearchPage:
    """Return what was filed last."""
    rows = visible_to(viewer).only(*_SHOWN).order_by("-filed_at", "-id")[:limit]
    return SearchPage(tuple(map(Hit, rows)), whole=whole())


def count(query: SearchQuery, *, viewer: Viewer) -> int:
    """Count all that fit, which takes longer than finding the first of them."""
    asked = _asked(query, viewer)
    return index.count(asked) if asked else 0


def every(query: SearchQuery, *, viewer: Viewer) -> Iterator[Record]:
    """Return all records that fit, some at a time, in the order of the pages."""
    asked = _asked(query, viewer)
    found = index.find(asked, Span(COUNTED + 1)) if asked else []
    if len(found) <= COUNTED:
        yield from _records(_ordered(found), viewer)
        return
    found = index.find(asked, Span(_AT_ONCE))
    while found:
        yield from _records(found, viewer)
        found = index.find(asked, Span(_AT_ONCE, below=found[-1].record))


def similar(query: SearchQuery, *, viewer: Viewer) -> tuple[SearchQuery, ...]:
    """Return what may have been meant where a name has one slip of the fingers in it."""
    asked = [terms.nearly(term) for term in _asked(query, viewer)]
    found = index.find(asked, Span(_LOOKED_AT)) if asked else []
    names = (words for words in _names(found, viewer))
    meant = Counter(
        replace(query, box=_meant(query.box, words), name=_meant(query.name, words))
        for words in names
    )
    return tuple(each for each, _number in meant.most_common(_OFFERED) if each != query)


def _names(found: Iterable[Found], viewer: Viewer | None) -> Iterator[list[str]]:
    rows = _visible(viewer).filter(pk__in=[each.record for each in found])
    for surname, given_name in rows.values_list("surname", "given_name"):
        yield f"{surname} {given_name}".split()


def _meant(typed: str, names: Sequence[str]) -> str:
    return " ".join(_like(word, names) for word in typed.split())


def _like(word: str, names: Sequence[str]) -> str:
    """Return the name that the word begins, else the one that is like it, else the word."""
    plain = folding.fold(word)
    if any(folding.fold(name).startswith(plain) for name in names):
        return word
    return next((name for name in names if slips.alike(plain, folding.fold(name))), word)


def _visible(viewer: Viewer | None) -> QuerySet[Record]:
    return Record.objects.all() if viewer is None else visible_to(viewer)


def _asked(query: SearchQuery, viewer: Viewer | None) -> tuple[terms.Term, ...]:
    """Return what is asked, of the viewer's office alone; nothing where nothing is asked."""
    asked = query.terms()
    if viewer is None or not asked or offices.sees_all(viewer):
        return asked
    return (*asked, *terms.of_code("visible", offices.code(viewer) or _NOWHERE))


def _newest(asked: Collection[terms.Term], turn: Turn, limit: int) -> _Some:
    if turn.before:
        found = index.find(asked, Span(limit + 1, above=turn.before))
        return found[-limit:], len(found) > limit, True
    found = index.find(asked, Span(limit + 1, below=turn.after))
    return found[:limit], bool(turn.after), len(found) > limit


def _alphabetical(found: Sequence[Found], turn: Turn, limit: int) -> _Some:
    ordered = _ordered(found)
    places = {each.record: place for place, each in enumerate(ordered)}
    if turn.before:
        start = max(0, places.get(turn.before, 0) - limit)
    else:
        start = places.get(turn.after, -1) + 1
    return ordered[start : start + limit], start > 0, start + limit < len(ordered)


def _ordered(found: Iterable[Found]) -> list[Found]:
    return sorted(found, key=lambda each: (each.sort_key, each.record))


def _hits(
    some: Sequence[Found],
    asked: Collection[terms.Term],
    viewer: Viewer | None,
    said: Mapping[int, frozenset[str]],
) -> Iterator[Hit]:
    for record in _records(some, viewer):
        yield Hit(record, _reasons(said.get(record.pk, frozenset()), asked))


def _records(some: Sequence[Found], viewer: Viewer | None) -> Iterator[Record]:
    """Return those that the viewer may see, whatever the index says, in the same order."""
    numbers = [each.record for each in some]
    records = _visible(viewer).only(*_SHOWN).in_bulk(numbers)
    return (records[number] for number in numbers if number in records)


def _reasons(lexemes: frozenset[str], asked: Iterable[terms.Term]) -> tuple[str, ...]:
    """Name the parts that the terms fit, each once, in their order."""
    words = (word for term in asked for word in term.words if word.part != "visible")
    return tuple(dict.fromkeys(word.part for word in words if word.fits(lexemes)))

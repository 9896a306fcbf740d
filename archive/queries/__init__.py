"""Questions to the archive: who may see which record, which records fit a search."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from django.db.models import Q, QuerySet
from django.utils import timezone

from archive import vault
from archive.models import Record, RecordCertificate
from archive.search import index, terms

COUNTED = 1000  # beyond it a count costs more than it tells


class Viewer(Protocol):
    """Whoever looks: a user with permissions and perhaps an office."""

    def get_username(self) -> str: ...
    def has_perm(self, perm: str) -> bool: ...


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
    decided_from: date | None = None
    decided_to: date | None = None

    @property
    def empty(self) -> bool:
        return self == SearchQuery()


@dataclass(frozen=True)
class Hit:
    """A record that fits, and the names of the fields that made it fit."""

    record: Record
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class SearchPage:
    """The first hits in the order of the Serbian alphabet."""

    hits: tuple[Hit, ...]
    total: int  # exact up to COUNTED, else COUNTED + 1

    @property
    def over(self) -> bool:
        return self.total > COUNTED


def visible_to(viewer: Viewer) -> QuerySet[Record]:
    """Return the records of the viewer's office, or all for whoever keeps the archive."""
    if viewer.has_perm("archive.view_every_office"):
        return Record.objects.all()
    code = getattr(getattr(viewer, "office", None), "code", None)
    return Record.objects.filter(office_code=code) if code else Record.objects.none()


def of_person(jmbg: str) -> QuerySet[Record]:
    """Return every record of a person, of whichever office."""
    return Record.objects.filter(jmbg_token__in=vault.tokens("jmbg", jmbg))


def search(query: SearchQuery, *, limit: int, within: QuerySet[Record] | None = None) -> SearchPage:
    """Find records; `within` narrows what may be seen. What says nothing finds nothing."""
    asked = _terms(query)
    records = fitting(query, within)
    total = records.order_by()[: COUNTED + 1].count()
    first = records.prefetch_related("certificates").order_by("sort_key", "id")[:limit]
    return SearchPage(tuple(Hit(one, _reasons(one, asked)) for one in first), total)


def fitting(query: SearchQuery, within: QuerySet[Record] | None = None) -> QuerySet[Record]:
    """Return every record that fits, for whoever takes them all."""
    asked, days = _terms(query), Q(**_decided(query))
    if not asked and not days:
        return Record.objects.none()
    return (Record.objects.all() if within is None else within).filter(_condition(asked), days)


def latest(*, limit: int, within: QuerySet[Record]) -> SearchPage:
    """Return what was filed last."""
    hits = tuple(Hit(record, ()) for record in within.order_by("-filed_at", "-id")[:limit])
    return SearchPage(hits, len(hits))


def _terms(query: SearchQuery) -> tuple[terms.Term, ...]:
    return (
        *terms.parse(query.box),
        *terms.of_name(query.name),
        *terms.of_jmbg(query.jmbg),
        *terms.of_document(query.document_number),
        *terms.of_number("case_number", query.case_number),
        *terms.of_number("file_number", query.file_number),
        *terms.of_number("serial", query.serial),
    )


def _decided(query: SearchQuery) -> dict[str, date]:
    limits = {"decided_on__gte": query.decided_from, "decided_on__lte": query.decided_to}
    return {name: day for name, day in limits.items() if day is not None}


def _condition(asked: Iterable[terms.Term]) -> Q:
    """Ask the index once for all terms that are words only; others may fit in two ways."""
    condition, words_only = Q(), []
    for term in asked:
        other = _other(term)
        if not other:
            words_only.append(term)
            continue
        if term.phrases:
            other |= Q(pk__in=index.matching([term]))
        condition &= other
    if words_only:
        condition &= Q(pk__in=index.matching(words_only))
    return condition


def _other(term: terms.Term) -> Q:
    """Return what the term means besides words."""
    if term.day:
        return _on(term.day)
    condition = Q()
    if term.jmbg:
        condition |= Q(jmbg_token__in=vault.tokens("jmbg", term.jmbg))
    if term.document_number:
        condition |= Q(document_token__in=vault.tokens("document", term.document_number))
    return condition


def _on(day: date) -> Q:
    span = _span(day)
    certificates = RecordCertificate.objects.order_by()
    valid = certificates.filter(Q(valid_from__range=span) | Q(valid_until__range=span))
    return Q(decided_on=day) | Q(filed_on=day) | Q(pk__in=valid.values("record"))


def _span(day: date) -> tuple[datetime, datetime]:
    start = timezone.make_aware(datetime.combine(day, time.min))
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    return start, end - timedelta(microseconds=1)


def _reasons(record: Record, asked: Iterable[terms.Term]) -> tuple[str, ...]:
    """Name the fields of `record` that the terms fit, each once, in their order."""
    words = record.words()
    found: dict[str, None] = {}
    for term in asked:
        found.update((phrase.column, None) for phrase in term.phrases if phrase.fits(words))
        found.update((name, None) for name in _other_reasons(record, term))
    return tuple(found)


def _other_reasons(record: Record, term: terms.Term) -> Iterable[str]:
    if term.jmbg and term.jmbg == record.jmbg:
        yield "jmbg"
    if term.document_number and term.document_number == record.document_number:
        yield "document_number"
    if term.day:
        yield from (name for name, days in _days(record).items() if term.day in days)


def _days(record: Record) -> dict[str, set[date]]:
    certificates = record.certificates.all()
    return {
        "decided_on": {record.decided_on},
        "filed_on": {record.filed_on},
        "valid_from": {timezone.localdate(each.valid_from) for each in certificates},
        "valid_until": {timezone.localdate(each.valid_until) for each in certificates},
    }

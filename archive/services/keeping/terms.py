"""Counting the years of a record: when it is filed, and anew when something changes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from archive import retention
from archive.filing import Filing
from archive.models import Category, Record, RecordCertificate, RecordEvent
from archive.queries import keeping
from archive.retention import Counting, Life, Term
from archive.services import audit


@dataclass(frozen=True)
class News:
    """Why terms are counted anew: said in the record and, in its own words, in the log."""

    reason: str
    by: audit.Actor | None

    @property
    def actor(self) -> str:
        return str(self.by) if self.by else audit.SYSTEM


def sentence_of_renewal(renewed: str, by_serial: str) -> str:
    """Return the reason in the language of the papers: it is kept with the record."""
    with translation.override("sr"):
        sentence = _("the certificate %(renewed)s was renewed by %(serial)s")
        return sentence % {"renewed": renewed, "serial": by_serial}


def sentence_of_end(serial: str, reason: str) -> str:
    with translation.override("sr"):
        sentence = _("the certificate %(serial)s ended: %(reason)s")
        return sentence % {"serial": serial, "reason": reason}


def at_filing(filing: Filing, category: Category) -> Term:
    """Return the term of a case that is about to be filed."""
    made = {name for each in filing.certificates for name in (each.serial, each.renews)}
    about = {each.serial for each in filing.about}
    own = [Life(each.valid_until) for each in filing.certificates]
    own += [Life(each.valid_until, each.ended) for each in filing.about]
    chain = [each.life for each in keeping.chain((made | about) - {""})]
    if category.counting == Counting.CERTIFICATES and own:
        return retention.after_certificates(own, category.years, chain)
    if filing.state == Record.State.PERFORMED:
        return retention.after_performance(filing.decided_on, category.years)
    return retention.after_decision(filing.decided_on, category.years)


def of(record: Record, category: Category | None, years: int | None) -> Term:
    """Return the term of a record as its certificates stand now.

    Where none is on record the event stays from which it was counted: its certificates may have
    ended before it was filed, or be known to the papers alone.
    """
    own, chain = keeping.lives(record)
    counting = category.counting if category else Counting.CERTIFICATES
    if counting == Counting.CERTIFICATES and own:
        return retention.after_certificates(own, years, chain)
    if counting == Counting.PERFORMED:
        return retention.after_performance(record.decided_on, years)
    if counting == Counting.DECISION:
        return retention.after_decision(record.decided_on, years)
    return Term(record.term.anchor, record.term.event, years)


def locked(serials: Iterable[str]) -> list[Record]:
    """Lock and return the records whose years hang on certificates, in one order for everybody.

    Asked again when they are locked: what was filed meanwhile is among them.
    """
    names, known = set(serials), keeping.hanging_on(set(serials))
    while True:
        rows = Record.objects.select_for_update(of=("self",), no_key=True)
        records = list(rows.select_related("category").filter(pk__in=known).order_by("pk"))
        more = keeping.hanging_on(names) - known
        if not more:
            return records
        known |= more


def recount(records: Iterable[Record], news: News) -> int:
    """Count locked records anew; return of how many the term changed, others are not written to."""
    changed = 0
    for record in records:
        term = of(record, record.category, record.retention_years)
        if term != record.term:
            change(record, term, news)
            changed += 1
    return changed


def recount_chains(reason: str) -> int:
    """Count every chain of renewals anew, one after another; return how many terms changed."""
    linked = RecordCertificate.objects.exclude(renews="", renewed_by="").order_by("pk")
    changed = 0
    for serial in linked.values_list("serial", flat=True).iterator():
        with audit.transaction():
            changed += recount(locked([serial]), News(reason, None))
    return changed


def change(record: Record, term: Term, news: News, facts: dict[str, Any] | None = None) -> None:
    """Give a locked record its new term, and say why in the record and in the log."""
    before = record.retained_until
    keep(record, term)
    note(record, before, news)
    audit.append(
        "record.term_counted",
        subject=record.file_number,
        by=news.by,
        facts={"reason": news.reason, **counted(record, before), **(facts or {})},
    )


def keep(record: Record, term: Term) -> None:
    record.retention_anchor, record.retention_event = term.anchor, term.event
    record.retention_years, record.retained_until = term.years, term.until
    record.save(update_fields=["category", "book_entry", *_COLUMNS])


def note(record: Record, before: date | None, news: News) -> None:
    RecordEvent.objects.create(
        record=record,
        at=timezone.now(),
        kind=RecordEvent.Kind.RETENTION,
        text=news.reason,
        actor=news.actor,
        note=f"{written(before)} → {written(record.retained_until)}",
    )


def counted(record: Record, before: date | None) -> dict[str, str]:
    """Return what the log says of a term: the event, until when, until when before."""
    return {
        "anchor": record.retention_anchor,
        "kept_until": written(record.retained_until),
        "before": written(before),
    }


def written(until: date | None) -> str:
    return until.isoformat() if until else "permanent"


_COLUMNS = ("retention_anchor", "retention_event", "retention_years", "retained_until")

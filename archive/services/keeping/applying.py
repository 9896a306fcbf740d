"""Applying the list in force to records filed under earlier ones: for a reason, piece by piece."""

from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from archive.models import BookEntry, Category, CategoryList, ListApplication, Record
from archive.queries import keeping
from archive.services import audit, refusals
from archive.services.keeping import book, keeping_refusals, terms
from archive.services.keeping.terms import News
from archive.services.refusals import logged

AT_ONCE = 200  # records: a request, or a task, stays short
_TOGETHER = 20  # records of one transaction: others wait no longer for their locks


def start(reason: str, *, by: audit.Actor) -> ListApplication:
    """Begin to apply the list in force to everything else; one that runs is returned as it is.

    Raises RefusedError.
    """
    with logged("categories.apply", subject="categories", by=by):
        if not reason.strip():
            raise refusals.ReasonMissingError
        named = keeping.list_on(timezone.localdate())
        if named is None or not keeping.under_others(named).exists():
            raise keeping_refusals.NothingToApplyError
        running, new = ListApplication.objects.get_or_create(
            list=named,
            done_at=None,
            defaults={
                "reason": reason.strip(),
                "started_by": by.get_username(),
                "started_by_name": str(by),
                "started_at": timezone.now(),
            },
        )
        if new:
            facts = {"reason": running.reason}
            audit.append("categories.apply", subject=f"categories {named}", by=by, facts=facts)
    return running


def go_on(number: int, *, limit: int = AT_ONCE) -> bool:
    """Apply to the next records; return whether any are left. Interrupted, it resumes there."""
    return all(_step(number) for _turn in range(limit // _TOGETHER))


def _step(number: int) -> bool:
    """Take the next few records in one transaction; return whether there were any.

    Whoever else goes on with it waits for the lock, and then takes those that follow.
    """
    with audit.transaction():
        rows = ListApplication.objects.select_for_update(of=("self",), no_key=True)
        running = rows.select_related("list").get(pk=number)
        if running.done_at:
            return False
        records = _next(running)
        book.lock(Q(office_code__in={each.office_code for each in records}))
        places = keeping.places(running.list)
        for record in records:
            _apply(record, places[record.kind, record.state], running)
        running.changed += len(records)
        if records:
            running.reached = records[-1].pk
        else:
            running.done_at = timezone.now()
            facts = {"reason": running.reason, "changed": running.changed}
            subject = f"categories {running.list}"
            audit.append("categories.applied", subject=subject, by=None, facts=facts)
        running.save()
    return bool(records)


def _next(running: ListApplication) -> list[Record]:
    waiting = keeping.under_others(running.list).filter(pk__gt=running.reached)
    locked: QuerySet[Record] = waiting.select_for_update(of=("self",), no_key=True)
    related = locked.select_related("category__list", "book_entry__book")
    near = related.prefetch_related("certificates", "concerned")
    return list(near.order_by("pk")[:_TOGETHER])


def _apply(record: Record, category: Category, running: ListApplication) -> None:
    before, record.category = record.category, category
    book.move(record, category)
    term = terms.of(record, category, category.years)
    news = News(_sentence(running.list, category, running.reason), _Starter(running))
    facts = {"category": category.mark, "list": running.list.number}
    facts |= {"category_before": before.mark if before else ""}
    terms.change(record, term, news, facts)
    _remark(record.book_entry, running.list, category)


class _Starter:
    """Who began it acts until it is done."""

    def __init__(self, running: ListApplication) -> None:
        self._running = running

    def get_username(self) -> str:
        return self._running.started_by

    def __str__(self) -> str:
        return self._running.started_by_name


def _sentence(named: CategoryList, category: Category, reason: str) -> str:
    """Return the reason in the language of the papers: it is kept with the record."""
    with translation.override("sr"):
        said = _("list %(list)s, category %(mark)s: %(reason)s")
        return said % {"list": named, "mark": category.mark, "reason": reason}


def _remark(entry: BookEntry | None, named: CategoryList, category: Category) -> None:
    """Say once beside a numbered entry that its records follow another list by now."""
    if entry is None or entry.number is None:
        return
    with translation.override("sr"):
        said = _("by list %(list)s: %(mark)s") % {"list": named, "mark": category.mark}
    if said not in entry.remark:
        rows = BookEntry.objects.select_for_update(of=("self",), no_key=True)
        fresh = rows.get(pk=entry.pk)
        if said not in fresh.remark:
            fresh.remark = "\n".join(filter(None, (fresh.remark, said)))
            fresh.save(update_fields=["remark"])

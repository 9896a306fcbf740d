"""The list of categories: written by one person, put in force by another, then fixed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from archive import shipped
from archive.models import Category, CategoryList, CategoryRule
from archive.queries import keeping
from archive.retention import Line
from archive.services import audit
from archive.services.keeping import keeping_refusals
from archive.services.refusals import logged

_STATE = CategoryList.State


@dataclass(frozen=True)
class Written:
    """A whole draft as somebody wrote it."""

    valid_from: date
    consent_number: str
    consent_on: date | None
    lines: tuple[Line, ...]


def load_shipped() -> None:
    """Take in the list that comes with the product where there is none yet."""
    with transaction.atomic():
        now = timezone.now()
        first, new = CategoryList.objects.get_or_create(
            number=1,
            defaults={
                "valid_from": shipped.VALID_FROM,
                "state": _STATE.IN_FORCE,
                "written_at": now,
                "approved_by": audit.SYSTEM,
                "approved_at": now,
            },
        )
        if new:
            years = int(str(settings.OVERA["RETENTION_YEARS"]))
            _fill(first, (replace(each, years=years) for each in shipped.CATEGORIES))


def begin(*, by: audit.Actor) -> CategoryList:
    """Begin the next version as a copy of the latest one. Raises RefusedError."""
    with logged("categories.begin", subject="categories", by=by):
        rows = CategoryList.objects.select_for_update(no_key=True)
        latest = rows.order_by("-number")[:1].get()
        if latest.state == _STATE.DRAFT:
            raise keeping_refusals.ListUnderWayError
        draft = CategoryList.objects.create(
            number=latest.number + 1,
            valid_from=timezone.localdate(),
            author=by.get_username(),
            written_at=timezone.now(),
        )
        _fill(draft, keeping.lines(latest))
        _note("begin", draft, by)
    return draft


def write(number: int, written: Written, *, by: audit.Actor) -> None:
    """Write a draft anew; only who began it may. Raises RefusedError."""
    with logged("categories.write", subject=_subject(number), by=by):
        draft = _draft(number)
        if draft.author != by.get_username():
            raise keeping_refusals.AnothersDraftError(author=draft.author)
        draft.categories.all().delete()
        _fill(draft, written.lines)
        draft.valid_from, draft.written_at = written.valid_from, timezone.now()
        draft.consent_number, draft.consent_on = written.consent_number, written.consent_on
        draft.save()
        _note("write", draft, by)


def put_in_force(number: int, seen: datetime, *, by: audit.Actor) -> None:
    """Let a draft count from its day on; only by somebody else, and as it was `seen` by them.

    Raises RefusedError.
    """
    with logged("categories.put_in_force", subject=_subject(number), by=by):
        draft = _draft(number)
        _require_ready(draft, seen, by)
        draft.state, draft.approved_by = _STATE.IN_FORCE, by.get_username()
        draft.approved_at = timezone.now()
        draft.save()
        _note("put_in_force", draft, by)


def discard(number: int, *, by: audit.Actor) -> None:
    """Throw a draft away; its number is free again. Raises RefusedError."""
    with logged("categories.discard", subject=_subject(number), by=by):
        draft = _draft(number)
        _note("discard", draft, by)
        draft.delete()


def _draft(number: int) -> CategoryList:
    rows = CategoryList.objects.select_for_update(no_key=True)
    draft = rows.filter(number=number, state=_STATE.DRAFT).first()
    if draft is None:
        raise keeping_refusals.NoDraftError
    return draft


def _require_ready(draft: CategoryList, seen: datetime, by: audit.Actor) -> None:
    if draft.author == by.get_username():
        raise keeping_refusals.OwnListError
    if draft.written_at != seen:
        raise keeping_refusals.ChangedListError
    if not (draft.consent_number and draft.consent_on):
        raise keeping_refusals.ConsentMissingError
    in_force = CategoryList.objects.filter(state=_STATE.IN_FORCE).order_by("valid_from").last()
    earliest = timezone.localdate()
    if draft.valid_from < max(earliest, in_force.valid_from if in_force else earliest):
        raise keeping_refusals.ListDateError
    uncovered = keeping.uncovered(draft)
    if uncovered:
        raise keeping_refusals.UncoveredCasesError(cases=", ".join(uncovered))


def _fill(named: CategoryList, lines: Iterable[Line]) -> None:
    for position, each in enumerate(lines, start=1):
        category = Category.objects.create(
            list=named,
            position=position,
            mark=each.mark,
            name=each.name,
            years=each.years,
            counting=each.counting,
        )
        CategoryRule.objects.bulk_create(
            CategoryRule(list=named, kind=kind, outcome=outcome, category=category)
            for kind, outcome in each.outcomes
        )


def _subject(number: int) -> str:
    return f"categories {number}"


def _note(step: str, named: CategoryList, by: audit.Actor) -> None:
    """Write the step, and what the list says by now: a discarded or replaced text is not lost."""
    facts = {
        "valid_from": named.valid_from.isoformat(),
        "consent": named.consent_number,
        "categories": [
            [each.mark, each.name, each.years, each.counting] for each in named.categories.all()
        ],
    }
    audit.append(f"categories.{step}", subject=_subject(named.number), by=by, facts=facts)

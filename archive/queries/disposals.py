"""Questions about disposals: what may be destroyed, what stands in the way, whose turn it is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from archive import disposal, queries
from archive.disposal import Item, Obstacle, State
from archive.models import Disposal, DisposalItem, Record
from archive.models.records import SEALED
from archive.queries import book, custody, holds


@dataclass(frozen=True)
class Selection:
    """Which of the expired records are to be proposed; what is empty does not narrow."""

    mark: str = ""  # of the category
    office: str = ""
    expired_by: date | None = None  # the last day of the term


def expired(today: date, chosen: Selection | None = None) -> QuerySet[Record]:
    """Return the records whose term has run out and that no disposal has in its hands."""
    open_items = DisposalItem.objects.filter(state__in=disposal.LIVE).values("record")
    records = Record.objects.filter(retained_until__lt=today).exclude(pk__in=open_items)
    records = records.exclude(state=Record.State.DESTROYED)
    return records.filter(_condition(chosen or Selection())).order_by("retained_until", "pk")


def _condition(chosen: Selection) -> Q:
    condition = Q(category__mark=chosen.mark) if chosen.mark else Q()
    if chosen.office:
        condition &= Q(office_code=chosen.office)
    if chosen.expired_by:
        condition &= Q(retained_until__lte=chosen.expired_by)
    return condition


def by_category(records: QuerySet[Record]) -> list[tuple[str, str, str, int]]:
    """Count the records by category and office: mark, name, office, count."""
    columns = ("category__mark", "category__name", "office_code")
    rows = records.order_by(*columns).values_list(*columns).annotate(Count("pk"))
    return [(mark or "–", name or "", office, count) for mark, name, office, count in rows]


def _expired(record: Record, today: date) -> bool:
    return record.retained_until is not None and record.retained_until < today


def obstacles(
    records: Iterable[Record], today: date, *, within: int | None = None
) -> dict[int, Obstacle]:
    """Return for each record (by its row's number) what stands in the way of its destruction.

    `within` is the disposal that the records are part of already.
    """
    rows = list(records)
    numbers = [each.pk for each in rows]
    taken = DisposalItem.objects.filter(record__in=numbers, state__in=disposal.LIVE)
    taken = taken.exclude(disposal=within) if within else taken
    found: dict[int, Obstacle] = dict.fromkeys(
        taken.values_list("record", flat=True), Obstacle.TAKEN
    )
    found |= {each.pk: Obstacle.NOT_ENTERED for each in book.not_entered(rows)}
    found |= {each.pk: Obstacle.KEPT for each in rows if not _expired(each, today)}
    lent = custody.on_loan(rows).values_list("record", flat=True)
    found |= dict.fromkeys(lent, Obstacle.ON_LOAN)
    found |= dict.fromkeys(holds.held(numbers), Obstacle.HELD)
    return found | {each.pk: Obstacle.DESTROYED for each in rows if each.destroyed}


def accepted(of: Disposal) -> QuerySet[DisposalItem]:
    return (
        of.items.filter(state=Item.ACCEPTED)
        .select_related("record__category__list")
        .prefetch_related("record__files", "record__custody")
    )


def standing(of: Disposal, today: date) -> dict[int, Obstacle]:
    """Return what stands in the way now of the records that are to be destroyed."""
    closed = (f"record__{column}" for column in SEALED)
    records = [each.record for each in accepted(of).defer(*closed)]
    return obstacles(records, today, within=of.pk)


def counts(of: Disposal) -> dict[str, int]:
    """Return how many records of a disposal stand in which state."""
    found = of.items.order_by().values_list("state").annotate(Count("pk"))
    return dict(found)


def under_way(record: Record) -> Disposal | None:
    """Return the disposal that has the record in its hands."""
    return Disposal.objects.filter(items__record=record, items__state__in=disposal.LIVE).first()


def destroyed_in(record: Record) -> DisposalItem | None:
    """Return by which disposal a record was destroyed."""
    done = DisposalItem.objects.filter(record=record, state__in=(Item.ERASING, Item.DESTROYED))
    return done.select_related("disposal").first()


def offered(
    of: Disposal, viewer: queries.Viewer, now: datetime | None = None
) -> list[disposal.Step]:
    """Return the steps that this person may take now."""
    moment = now or timezone.now()
    took = taken_by(of, viewer.get_username())
    steps = disposal.leading_on(State(of.state))
    return [
        step
        for step in steps
        if allowed(step, viewer) and not took & step.never_after and ripe(of, step, moment)
    ]


def allowed(step: disposal.Step, viewer: queries.Viewer) -> bool:
    """Tell whether one of the rights that the step needs is the viewer's."""
    return any(viewer.has_perm(right) for right in step.rights)


def taken_by(of: Disposal, username: str) -> frozenset[str]:
    """Return the names of the steps that a person took."""
    return frozenset(of.steps.filter(by=username).values_list("name", flat=True))


def ripe(of: Disposal, step: disposal.Step, now: datetime) -> bool:
    """Tell whether the days of cooling off are over, where the step waits for them."""
    return step.name != "witness" or (of.cooling_until is not None and of.cooling_until <= now)


def waiting() -> Iterator[int]:
    """Yield the disposals whose destruction is under way, whoever left off."""
    yield from Disposal.objects.filter(state=State.DESTROYING).values_list("pk", flat=True)

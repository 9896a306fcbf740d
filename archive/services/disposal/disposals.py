"""A disposal on its way, step by step, from the proposal to the word that it may be destroyed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from archive.disposal import DECISIONS, LIVE, Item, Obstacle
from archive.models import Disposal, DisposalItem, Record
from archive.queries import disposals as found
from archive.services import refusals
from archive.services.disposal import disposal_documents, disposal_refusals, sparing
from archive.services.disposal.disposal_steps import begin, look, next_number, take
from archive.services.disposal.holds import Person


@dataclass(frozen=True)
class Decision:
    """What a member of the commission says of one record."""

    state: Item  # one of DECISIONS
    reason: str = ""  # needed, unless the record is accepted


@dataclass(frozen=True)
class Destruction:
    """How the paper went: the day, the way and place, in words."""

    on: date
    way: str


def propose(numbers: Iterable[int], *, note: str = "", by: Person) -> Disposal:
    """Propose records (by their rows' numbers) for destruction. Raises RefusedError.

    One that may not be destroyed refuses the whole proposal and is named.
    """
    wanted = sorted(set(numbers))
    with begin(by=by) as taking:
        rows = _locked(wanted)
        _require_free(rows, within=None)
        taking.row.number, taking.row.note = next_number("disposal"), note.strip()
        taking.row.save()
        DisposalItem.objects.bulk_create(
            DisposalItem(disposal=taking.row, record=each, outcome=each.state) for each in rows
        )
        taking.facts["records"] = [each.file_number for each in rows]
    return taking.row


def decide(number: int, decisions: Mapping[int, Decision], *, by: Person) -> Disposal:
    """Write the commission's word on records (by the numbers of the items' rows)."""
    with take(number, "decide", by=by) as taking:
        items = list(taking.row.items.select_related("record").filter(pk__in=decisions))
        if not items:
            raise disposal_refusals.EmptySelectionError
        kept = [each.record for each in items if decisions[each.pk].state == Item.ACCEPTED]
        _require_free(kept, within=taking.row)
        for item in items:
            _decide(item, decisions[item.pk], by)
        taking.facts["records"] = [[each.record.file_number, each.state] for each in items]
    return taking.row


def conclude(number: int, *, by: Person) -> Disposal:
    """End the commission's review; what it accepted is the list."""
    with take(number, "conclude", by=by) as taking:
        left = taking.row.items.filter(state=Item.PENDING).count()
        if left:
            raise disposal_refusals.UndecidedError(left=left)
        _require_some(taking.row)
        taking.facts |= found.counts(taking.row)
    return taking.row


def request(number: int, *, by: Person) -> Disposal:
    """Make the request to the public archive and its list: files first, then the rows.

    What is held, on loan or not expired by now is spared and not asked for.
    """
    items = _free(look(number, "request", by=by))
    made = disposal_documents.request(items)
    with take(number, "request", by=by) as taking:
        _spare(taking.row)
        if items != list(found.accepted(taking.row)):
            raise disposal_refusals.NotNowError(step="request", state=taking.row.state)
        disposal_documents.keep(taking.row, made)
        taking.facts["documents"] = [[each.kind, each.sha256] for each in made]
    return taking.row


def approve(
    number: int, approval: str, on: date, *, without: Iterable[str] = (), by: Person
) -> Disposal:
    """Enter the public archive's approval; `without`: file numbers that it did not approve."""
    with take(number, "approve", by=by) as taking:
        if not approval.strip():
            raise disposal_refusals.ApprovalMissingError
        if not _asked_on(taking.row) <= on <= timezone.localdate():
            raise disposal_refusals.DateError(field="on")
        row = taking.row
        row.approval_number, row.approval_on = approval.strip(), on
        _exclude(row, set(filter(None, map(str.strip, without))))
        _require_some(row)
        taking.facts |= {"number": row.approval_number, "on": on.isoformat()}
        taking.facts |= found.counts(row)
    return taking.row


def confirm(number: int, typed: str, *, by: Person) -> Disposal:
    """Let the days of cooling off begin, for somebody who typed the number of the disposal."""
    with take(number, "confirm", by=by) as taking:
        if typed.strip() != taking.row.number:
            raise disposal_refusals.WrongNumberError
        days = int(str(settings.OVERA["DISPOSAL"]["COOLING_DAYS"]))
        taking.row.cooling_until = timezone.now() + timedelta(days=days)
        taking.facts["until"] = taking.row.cooling_until.isoformat()
    return taking.row


def cancel(number: int, reason: str, *, by: Person) -> Disposal:
    """End a disposal of which nothing was destroyed; its records may be proposed again."""
    with take(number, "cancel", by=by) as taking:
        if not reason.strip():
            raise refusals.ReasonMissingError
        taking.note = reason.strip()
        taking.row.items.filter(state__in=LIVE).update(state=Item.RELEASED)
    return taking.row


def witness(number: int, paper: Destruction, *, by: Person) -> Disposal:
    """Let the first member state that the paper is destroyed.

    What is held, on loan or not expired by now is spared, paper and file; where nothing else is
    left the step is refused.
    """
    with take(number, "witness", by=by) as taking:
        row = taking.row
        _check_paper(row, paper)
        row.paper_on, row.paper_way = paper.on, paper.way.strip()
        _spare(row)
        taking.facts |= {"on": paper.on.isoformat(), **found.counts(row)}
    return taking.row


def destroy(number: int, *, by: Person) -> Disposal:
    """Let the second member confirm it: from here on the files go, and the act has its number.

    The files of what may not be destroyed by now are spared, of every record if need be: the
    paper is gone, so the step is not refused, and the act tells what has become of it.
    """
    with take(number, "destroy", by=by) as taking:
        row = taking.row
        row.act_number, row.act_on = next_number("destruction"), timezone.localdate()
        for item, why in _obstructed(row):
            item.disposal = row
            sparing.spare_files(item, why, by=by)
        taking.facts |= {"act": row.act_number, **found.counts(row)}
    return taking.row


def _locked(numbers: Sequence[int]) -> list[Record]:
    if not numbers:
        raise disposal_refusals.EmptySelectionError
    records = Record.objects.select_for_update(no_key=True).filter(pk__in=numbers)
    return list(records.order_by("retained_until", "pk"))


def _free(row: Disposal) -> list[DisposalItem]:
    """Return the items with nothing in the way; raise NothingLeftError where there is none."""
    standing = found.standing(row, timezone.localdate())
    items = [each for each in found.accepted(row) if each.record_id not in standing]
    if not items:
        raise disposal_refusals.NothingLeftError
    return items


def _require_free(rows: Sequence[Record], *, within: Disposal | None) -> None:
    standing = found.obstacles(rows, timezone.localdate(), within=within.pk if within else None)
    if standing:
        named = [(each.file_number, standing[each.pk]) for each in rows if each.pk in standing]
        raise disposal_refusals.ObstructedError(named)


def _require_some(row: Disposal) -> None:
    if not found.accepted(row).exists():
        raise disposal_refusals.NothingLeftError


def _decide(item: DisposalItem, said: Decision, by: Person) -> None:
    if said.state not in DECISIONS:
        raise disposal_refusals.NotNowError(step="decide", state=str(said.state))
    if said.state != Item.ACCEPTED and not said.reason.strip():
        raise refusals.ReasonMissingError
    item.state, item.reason, item.decided_by = said.state, said.reason.strip(), by.get_username()
    item.save(update_fields=["state", "reason", "decided_by"])


def _exclude(row: Disposal, file_numbers: set[str]) -> None:
    items = found.accepted(row).filter(record__file_number__in=file_numbers)
    unknown = file_numbers - {each.record.file_number for each in items}
    if unknown:
        raise disposal_refusals.UnknownRecordsError(sorted(unknown))
    row.items.filter(pk__in=[each.pk for each in items]).update(state=Item.EXCLUDED)


def _asked_on(row: Disposal) -> date:
    return timezone.localdate(row.steps.get(name="request").at)


def _check_paper(row: Disposal, paper: Destruction) -> None:
    assert row.cooling_until  # noqa: S101 - the guard looked
    if not paper.way.strip():
        raise disposal_refusals.WayMissingError
    if not timezone.localdate(row.cooling_until) <= paper.on <= timezone.localdate():
        raise disposal_refusals.DateError(field="on")


def _spare(row: Disposal) -> None:
    """Leave out what may not be destroyed any more; refuse where nothing else is left."""
    for item, why in _obstructed(row):
        sparing.spare(item, why)
    _require_some(row)


def _obstructed(row: Disposal) -> list[tuple[DisposalItem, Obstacle]]:
    """Return what is to be destroyed and may not be any more, and why."""
    standing = found.standing(row, timezone.localdate())
    items = found.accepted(row).filter(record__in=standing)
    return [(each, standing[each.record_id]) for each in items]

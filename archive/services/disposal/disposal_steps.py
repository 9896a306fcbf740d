"""Taking a step of a disposal: the one guard that every step goes through."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from archive import disposal
from archive.disposal import State, Step
from archive.models import Disposal, DisposalStep
from archive.queries import disposals as found
from archive.services import audit, numbering, refusals
from archive.services.disposal import disposal_refusals
from archive.services.disposal.holds import Person


@dataclass
class Taking:
    """A step that is being taken; what the step adds to its row and to the log."""

    row: Disposal
    note: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@contextmanager
def take(number: int, name: str, *, by: Person) -> Iterator[Taking]:
    """Lock a disposal, let the step through that the table allows, write what came of it.

    Raises RefusedError, which is logged after the rollback.
    """
    step = disposal.step(name)
    subject = Disposal.objects.get(pk=number)
    with refusals.logged(step.event, subject=_subject(subject), by=by):
        row = Disposal.objects.select_for_update(no_key=True).get(pk=number)
        _guard(row, step, by)
        taking = Taking(row)
        yield taking
        row.state = step.target
        row.save()
        note(taking, step, by)


def look(number: int, name: str, *, by: Person) -> Disposal:
    """Return a disposal whose step would be let through; what takes long is done before it."""
    step = disposal.step(name)
    row = Disposal.objects.get(pk=number)
    with refusals.logged(step.event, subject=_subject(row), by=by):
        _guard(row, step, by)
    return row


@contextmanager
def begin(*, by: Person) -> Iterator[Taking]:
    """Open a disposal under the next number of the year."""
    step = disposal.step("propose")
    with refusals.logged(step.event, subject="disposals", by=by):
        _guard_right(step, by)
        taking = Taking(Disposal(state=step.target))
        yield taking
        note(taking, step, by)


def next_number(book: str) -> str:
    """Return the next number of a book in this year: 3/2042."""
    year = timezone.localdate().year
    return f"{numbering.take(book, year)}/{year}"


def note(taking: Taking, step: Step, by: Person | None) -> None:
    """Write who took a step; a member of the commission decides many records by one row."""
    name = by.get_username() if by else audit.SYSTEM
    told = {"at": timezone.now(), "by_name": str(by) if by else "", "note": taking.note[:500]}
    DisposalStep.objects.update_or_create(
        disposal=taking.row, name=step.name, by=name, defaults=told
    )
    facts = {"state": taking.row.state, **taking.facts}
    audit.append(step.event, subject=_subject(taking.row), by=by, facts=facts)


def _subject(row: Disposal) -> str:
    return f"disposal {row.number}"


def _guard(row: Disposal, step: Step, by: Person) -> None:
    _guard_right(step, by)
    if State(row.state) not in step.sources:
        raise disposal_refusals.NotNowError(step=step.name, state=row.state)
    if found.taken_by(row, by.get_username()) & step.never_after:
        raise disposal_refusals.SamePersonError(step=step.name)
    if not found.ripe(row, step, timezone.now()):
        assert row.cooling_until  # noqa: S101 - set when it began to cool off
        raise disposal_refusals.CoolingError(row.cooling_until)


def _guard_right(step: Step, by: Person) -> None:
    if not found.allowed(step, by):
        raise disposal_refusals.NoRightError(step=step.name)

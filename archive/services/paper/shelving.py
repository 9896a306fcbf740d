"""Putting folders into places and taking them out."""

from archive.models import Place, Record
from archive.search import index
from archive.services import audit
from archive.services.paper import custody, places
from archive.services.paper.paper_refusals import OnLoanError, OtherOfficeError, logged


def put(record: Record, place: Place, *, by: audit.Actor) -> bool:
    """Lay the folder into a place; return whether it was not there before.

    Raises OnLoanError, DestroyedError, ClosedPlaceError, OtherOfficeError.
    """
    with logged("folder.put", subject=record, by=by):
        into = Place.objects.select_for_update(no_key=True, of=("self",)).get(pk=place.pk)
        row = custody.locked(record)
        _require_here(row)
        if row.place_id == into.pk:
            return False
        if into.office_code not in {"", row.office_code}:
            raise OtherOfficeError(thing=str(row), place=into.name)
        places.require_open(into)
        _move(row, into, "folder.put", by)
    return True


def take_out(record: Record, *, by: audit.Actor, reason: str = "") -> bool:
    """Take the folder out of its place, to the office; return whether it had one.

    Raises OnLoanError, DestroyedError.
    """
    with logged("folder.take_out", subject=record, by=by):
        row = custody.locked(record)
        _require_here(row)
        if row.place_id is None:
            return False
        _move(row, None, "folder.take_out", by, reason)
    return True


def _require_here(record: Record) -> None:
    loan = custody.open_loan(record)
    if loan and loan.whole:
        raise OnLoanError(loan)


def _move(
    record: Record, place: Place | None, event: str, by: audit.Actor, reason: str = ""
) -> None:
    before = record.place.code if record.place else ""
    record.place = place
    record.save(update_fields=["place"])
    custody.placed(record, by=by, reason=reason)
    index.write(record.entry())
    facts = {"from": before, "to": place.code if place else ""}
    audit.append(event, subject=record.file_number, by=by, facts=facts)

"""Checking what is really in a place: begun, scanned one by one, finished with its differences."""

from dataclasses import dataclass

from django.utils import timezone

from archive import masking, queries
from archive.models import Place, PlaceCheck
from archive.queries import checks as found
from archive.queries import places
from archive.queries.checks import Difference
from archive.queries.places import Thing
from archive.services import audit
from archive.services.paper.paper_refusals import CheckEndedError, logged

_TYPED = 60  # characters that are kept of what names nothing


@dataclass(frozen=True)
class Reading:
    """What a scan during a check gave: its code, or what was typed, and what that names."""

    text: str
    thing: Thing | None
    again: bool


def begin(place: Place, *, by: audit.Actor) -> PlaceCheck:
    """Return the place's open check, begun now where there is none: scans are never lost."""
    with logged("place.check.begin", subject=place, by=by):
        row = Place.objects.select_for_update(no_key=True, of=("self",)).get(pk=place.pk)
        known = row.checks.filter(finished_at=None).first()
        if known:
            return known
        audit.append("place.check.begin", subject=row.code, by=by)
        return PlaceCheck.objects.create(
            place=row, begun_at=timezone.now(), begun_by=str(by), scanned=[]
        )


def scan(check: PlaceCheck, text: str, *, by: queries.Viewer) -> Reading:
    """Note what was read in the place. Raises CheckEndedError."""
    thing = found.thing(text, by)
    read = places.code_of(thing) if thing else masking.typed(text.strip()[:_TYPED])
    with logged("place.check.scan", subject=check.place, by=by):
        row = _open(check)
        again = read in row.scanned
        if read and not again:
            row.scanned.append(read)
            row.save(update_fields=["scanned"])
    return Reading(read, thing, again=again)


def finish(check: PlaceCheck, *, by: queries.Viewer) -> Difference:
    """Name the differences and keep them, with their words of today. Raises CheckEndedError."""
    with logged("place.check.finish", subject=check.place, by=by):
        row = _open(check)
        result = found.difference(row, by)
        row.finished_at, row.finished_by, row.result = timezone.now(), str(by), result.plain()
        row.save(update_fields=["finished_at", "finished_by", "result"])
        facts = {"present": result.present, "missing": result.missing}
        facts |= {"elsewhere": result.elsewhere, "returned": [name for name, _ in result.returned]}
        facts |= {"unknown": len(result.unknown)}
        audit.append("place.check.finish", subject=row.place.code, by=by, facts=facts)
    return result


def abandon(check: PlaceCheck, *, by: audit.Actor) -> None:
    """Forget an open check and what was scanned for it. Raises CheckEndedError."""
    with logged("place.check.abandon", subject=check.place, by=by):
        row = _open(check)
        facts = {"scanned": len(row.scanned)}
        row.delete()
        audit.append("place.check.abandon", subject=check.place.code, by=by, facts=facts)


def _open(check: PlaceCheck) -> PlaceCheck:
    row = (
        PlaceCheck.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk=check.pk, finished_at=None)
        .first()
    )
    if row is None:
        raise CheckEndedError
    return row

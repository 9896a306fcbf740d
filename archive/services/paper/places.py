"""The tree of places: added, named, moved, closed; what lies in one is never lost sight of."""

import re

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone

from archive import codes
from archive.models import Place
from archive.services import audit
from archive.services.paper.paper_refusals import (
    ClosedPlaceError,
    NotEmptyError,
    OtherOfficeError,
    TakenNameError,
    WrongPlaceError,
    logged,
)

_NUMBERED = re.compile(r"(?P<words>.*?)(?P<number>\d+)")


def add(
    kind: str,
    name: str,
    *,
    parent: Place | None,
    by: audit.Actor,
    office_code: str = "",
    count: int = 1,
    **told: str,
) -> list[Place]:
    """Add places with codes of their own, of their parent's office. `told`: years, content.

    Of several each has the next number: “Box 7”, “Box 8”. Raises WrongPlaceError,
    ClosedPlaceError, TakenNameError.
    """
    with logged("place.add", subject=parent or "places", by=by):
        above = _locked(parent) if parent else None
        office = above.office_code if above else office_code
        added = [
            Place(
                kind=kind,
                name=each,
                parent=above,
                code=codes.make(Place.CODED[Place.Kind(kind)]),
                office_code=office,
                **told,
            )
            for each in names(name, count)
        ]
        for place in added:
            _require_fitting(place, above)
            _save(place)
            facts = {"kind": kind, "name": place.name, "in": above.code if above else ""}
            audit.append("place.add", subject=place.code, by=by, facts=facts)
    return added


def names(first: str, count: int) -> list[str]:
    """Count on from a name: “Box 7” gives “Box 7”, “Box 8”, …; one without a number begins at 1."""
    if count == 1:
        return [first]
    found = _NUMBERED.fullmatch(first)
    if found is None:
        return [f"{first} {number}" for number in range(1, count + 1)]
    start, width = int(found["number"]), len(found["number"])
    return [f"{found['words']}{start + more:0{width}}" for more in range(count)]


def rename(place: Place, name: str, *, by: audit.Actor, **told: str) -> None:
    """Give a place another name; its code stays. `told`: years, content. Raises TakenNameError."""
    with logged("place.rename", subject=place, by=by):
        row = _locked(place)
        facts = {"before": row.name, "name": name, **told}
        row.name = name
        for field, text in told.items():
            setattr(row, field, text)
        _save(row)
        audit.append("place.rename", subject=row.code, by=by, facts=facts)


def move(place: Place, to: Place, *, by: audit.Actor) -> bool:
    """Stand a place into another one, with all that is in it; return whether it moved.

    Raises WrongPlaceError, ClosedPlaceError, OtherOfficeError, TakenNameError.
    """
    with logged("place.move", subject=place, by=by):
        row, above = _locked_tree(place, to)
        if row.parent_id == above.pk:
            return False
        _require_fitting(row, above)
        if row.office_code != above.office_code:
            raise OtherOfficeError(thing=row.name, place=above.name)
        facts = {"from": row.parent.code if row.parent else "", "to": above.code}
        row.parent = above
        _save(row)
        audit.append("place.move", subject=row.code, by=by, facts=facts)
    return True


def close(place: Place, *, by: audit.Actor) -> None:
    """Let nothing more be put into a place: a box is full, a shelf is given up."""
    _set_closed(place, "place.close", by, closed=True)


def reopen(place: Place, *, by: audit.Actor) -> None:
    _set_closed(place, "place.reopen", by, closed=False)


def remove(place: Place, *, by: audit.Actor) -> None:
    """Forget a place in which nothing ever was. Raises NotEmptyError."""
    with logged("place.remove", subject=place, by=by):
        row = _locked(place)
        facts = {"kind": row.kind, "name": row.name}
        try:
            row.delete()
        except ProtectedError as error:
            raise NotEmptyError(place=row.name) from error
        audit.append("place.remove", subject=place.code, by=by, facts=facts)


def require_open(place: Place) -> None:
    """Raise ClosedPlaceError where the place, or what it stands in, is closed."""
    for each in (place, *place.above):
        if each.closed_on:
            raise ClosedPlaceError(place=each.name)


def _locked(place: Place) -> Place:
    return Place.objects.select_for_update(no_key=True, of=("self",)).get(pk=place.pk)


def _locked_tree(place: Place, to: Place) -> tuple[Place, Place]:
    """Lock all that others can stand in: of two moves at once none makes a circle."""
    tree = ~Q(kind=Place.Kind.BOX) | Q(pk=place.pk) | Q(pk=to.pk)
    rows = Place.objects.select_for_update(no_key=True, of=("self",)).filter(tree).order_by("pk")
    found = {each.pk: each for each in rows}
    return found[place.pk], found[to.pk]


def _require_fitting(place: Place, above: Place | None) -> None:
    kind = Place.Kind(above.kind) if above else None
    if kind not in Place.ABOVE[Place.Kind(place.kind)]:
        raise WrongPlaceError(thing=place.name, place=above.name if above else "—")
    if above and place in (above, *above.above):
        raise WrongPlaceError(thing=place.name, place=above.name)
    if above:
        require_open(above)


def _save(place: Place) -> None:
    try:
        with transaction.atomic():
            place.save()
    except IntegrityError as error:
        raise TakenNameError(name=place.name) from error


def _set_closed(place: Place, event: str, by: audit.Actor, *, closed: bool) -> None:
    with logged(event, subject=place, by=by):
        row = _locked(place)
        if bool(row.closed_on) == closed:
            return
        row.closed_on = timezone.localdate() if closed else None
        row.save(update_fields=["closed_on"])
        audit.append(event, subject=row.code, by=by)

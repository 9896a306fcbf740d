"""What a look into a place found, compared with what belongs there."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from archive import codes, queries
from archive.models import Loan, PlaceCheck, Record
from archive.queries import custody, places
from archive.queries.places import Thing

Named = tuple[str, str]
"""A folder or place as people read it, and where it belongs or by which revers it is lent."""


@dataclass(frozen=True)
class Difference:
    """What a check found, in the words of that day."""

    present: int
    missing: tuple[str, ...]
    lent: tuple[Named, ...]  # not here, and rightly so
    returned: tuple[Named, ...]  # here, though a revers says that it is lent
    elsewhere: tuple[Named, ...]  # here, belongs there; nowhere: ""
    unknown: tuple[str, ...]  # what was read and names nothing of ours

    @property
    def none(self) -> bool:
        return not (self.missing or self.returned or self.elsewhere or self.unknown)

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def difference(check: PlaceCheck, viewer: queries.Viewer) -> Difference:
    belongs = places.contents(check.place)
    expected: set[Thing] = {*belongs.places, *belongs.records}
    read = {text: thing(text, viewer) for text in check.scanned}
    seen: set[Thing] = {each for each in read.values() if each}
    lent = _lent(expected | seen)
    absent: set[Thing] = expected - seen
    return Difference(
        present=len(expected & seen),
        missing=tuple(map(str, _sorted(absent - lent.keys()))),
        lent=tuple((str(each), lent[each]) for each in _sorted(absent & lent.keys())),
        returned=tuple((str(each), lent[each]) for each in _sorted(seen & lent.keys())),
        elsewhere=tuple((str(each), home(each)) for each in _sorted(seen - expected)),
        unknown=tuple(text for text, each in read.items() if each is None),
    )


def with_borrowers(named: Iterable[Named]) -> list[Named]:
    """Return lent folders with their revers and, as long as it still says so, who has them."""
    lent = dict(named)
    loans = Loan.objects.filter(record__file_number__in=lent)
    who = {each.shown_number: each.who for each in loans}
    return [
        (folder, ", ".join(filter(None, (number, who.get(number)))))
        for folder, number in lent.items()
    ]


def missed(record: Record) -> PlaceCheck | None:
    """Return the last check of the record's place where the folder was not there."""
    if record.place is None:
        return None
    last = record.place.checks.exclude(finished_at=None).first()
    return last if last and str(record) in (last.result or {}).get("missing", ()) else None


def thing(text: str, viewer: queries.Viewer) -> Thing | None:
    """Return what was scanned; a code that was read wrong names nothing."""
    try:
        return places.scanned(text, viewer)
    except codes.MistypedError:
        return None


def home(thing: Thing) -> str:
    """Return the way to where something belongs."""
    place = thing.place if isinstance(thing, Record) else thing.parent
    return place.path if place else ""


def _lent(things: Iterable[Thing]) -> Mapping[Thing, str]:
    """Return the folders that are lent as a whole, each with its revers.

    Who has it stands in the loan alone, which forgets it when the record is destroyed.
    """
    records = [each for each in things if isinstance(each, Record)]
    loans = custody.on_loan(records).select_related("record")
    return {loan.record: loan.shown_number for loan in loans if loan.whole}


def _sorted(things: Iterable[Thing]) -> list[Thing]:
    return sorted(things, key=lambda each: places.by_name(str(each)))

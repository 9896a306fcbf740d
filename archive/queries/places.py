"""What lies where: the tree of places, what is in each, what a scanned code names."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from archive import codes, queries
from archive.models import CustodyEntry, Place, Record
from archive.queries import offices
from archive.search import alphabet

_NUMBER = re.compile(r"(\d+)")
_SHOWN_CASE = re.compile(r"(\d{2})-(\d{7})")

Thing = Record | Place
"""What has a code that can be scanned: a folder, or a place."""


@dataclass(frozen=True)
class Branch:
    """A place and what stands in it; `folders` are those that belong here or below."""

    place: Place
    branches: tuple["Branch", ...]
    folders: int

    @property
    def crowded(self) -> bool:
        return len(self.branches) > 20  # noqa: PLR2004 - more than a shelf's boxes at a glance


@dataclass(frozen=True)
class Contents:
    """What belongs into a place itself."""

    places: tuple[Place, ...]
    records: tuple[Record, ...]

    @property
    def empty(self) -> bool:
        return not self.places and not self.records


def visible_to(viewer: queries.Viewer) -> QuerySet[Place]:
    """Return the places of the viewer's office, or all for whoever keeps the whole archive."""
    return offices.visible(Place.objects.all(), viewer)


def tree(viewer: queries.Viewer) -> tuple[Branch, ...]:
    """Return the rooms with all that stands in them, "Box 2" before "Box 10"."""
    below: dict[int | None, list[Place]] = defaultdict(list)
    counted = visible_to(viewer).annotate(own=Count("records"))
    for place in sorted(counted, key=lambda each: by_name(each.name)):
        below[place.parent_id].append(place)
    return tuple(_branches(None, below))


def contents(place: Place) -> Contents:
    standing = sorted(
        place.children.annotate(own=Count("records")), key=lambda one: by_name(one.name)
    )
    lying = sorted(place.records.all(), key=lambda one: by_name(one.file_number))
    return Contents(tuple(standing), tuple(lying))


def unplaced(viewer: queries.Viewer) -> QuerySet[Record]:
    """Return records whose folder has no place yet, those that wait longest first."""
    gone = CustodyEntry.objects.filter(holder=CustodyEntry.Holder.DESTROYED).values("record")
    waiting = queries.visible_to(viewer).filter(place=None).exclude(pk__in=gone)
    return waiting.order_by("filed_on", "id")


def can_hold(kind: str, viewer: queries.Viewer, moved: Place | None = None) -> list[Place]:
    """Return where a place of this kind may stand: nothing closed, nothing that stands in it."""
    allowed = [each for each in Place.ABOVE[Place.Kind(kind)] if each]
    seen = visible_to(viewer).select_related("parent__parent__parent")
    places = seen.filter(kind__in=allowed, closed_on=None)
    fitting = [each for each in places if moved is None or moved not in (each, *each.above)]
    return sorted(fitting, key=lambda each: by_name(each.path))


def scanned(text: str, viewer: queries.Viewer) -> Thing | None:
    """Return what a code of ours, a page's code or a number names, as far as it may be seen.

    Raises codes.MistypedError where a code was read wrong.
    """
    code = codes.read(text)
    if code and code[0] != codes.Kind.FOLDER:
        places = visible_to(viewer).select_related("parent__parent__parent")
        return places.filter(code=code).first()
    records = queries.visible_to(viewer).select_related("place__parent__parent__parent")
    return records.filter(_named(text, code)).first()


def code_of(thing: Thing) -> str:
    return thing.folder_code if isinstance(thing, Record) else thing.code


def by_name(name: str) -> tuple[str, ...]:
    """Return a key that sorts by the Serbian alphabet and numbers as numbers."""
    parts = _NUMBER.split(name)
    return tuple(part.zfill(12) if part.isdigit() else alphabet.sort_key(part) for part in parts)


def _branches(parent: int | None, below: dict[int | None, list[Place]]) -> Iterator[Branch]:
    for place in below[parent]:
        inner = tuple(_branches(place.pk, below))
        own: int = getattr(place, "own", 0)
        yield Branch(place, inner, own + sum(each.folders for each in inner))


def _named(text: str, code: str | None) -> Q:
    if code:
        return Q(folder_code=code)
    case = codes.case_of_page(text)
    if case:
        return Q(case_number=case)
    typed = text.strip()
    shown = _SHOWN_CASE.fullmatch(typed)
    case = "".join(shown.groups()) if shown else typed
    return Q(file_number=typed) | Q(case_number=case)

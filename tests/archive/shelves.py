"""Shelves for the archive's stories: a box in a room, folders in it, loans out of it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from archive.models import Loan, Place, PlaceCheck, Record
from archive.services.paper import loans, place_checks, places, shelving
from archive.services.paper.loans import Terms
from tests.archive.conftest import Officer


class Clerk(Officer):
    """Who keeps the paper of all offices."""

    def has_perm(self, _perm: str) -> bool:
        return True


def made(kind: str, name: str, parent: Place | None, by: Any, office_code: str = "") -> Place:
    (place,) = places.add(kind, name, parent=parent, by=by, office_code=office_code)
    return place


def box(by: Any, office_code: str = "") -> Place:
    """Return a box on a shelf in a room."""
    room = made("room", "Соба 2", None, by, office_code)
    return made("box", "Кутија 7", made("shelf", "Полица А", room, by), by)


def terms(**changes: object) -> Terms:
    said = {
        "borrower": "Марко Савић",
        "institution": "Основни суд",
        "purpose": "увид",
        "due_on": timezone.localdate() + timedelta(days=30),
    }
    return Terms(**{**said, **changes})  # type: ignore[arg-type]


def in_use(record: Record, by: Any) -> tuple[Place, PlaceCheck, Loan]:
    """Lay a folder into a box of its office that is checked; then lend it."""
    into = box(by, record.office_code)
    shelving.put(record, into, by=by)
    check = place_checks.begin(into, by=by)
    place_checks.finish(check, by=by)
    return into, check, loans.lend(record, terms(), by=by)

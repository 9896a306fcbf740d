"""A second version of the list, written and put in force by two people."""

from dataclasses import replace
from datetime import date

from django.utils import timezone

from archive.models import CategoryList
from archive.queries import keeping
from archive.retention import Line
from archive.services.keeping import categories
from archive.services.keeping.categories import Written


class Clerk:
    """Whoever keeps the archive."""

    def __init__(self, name: str) -> None:
        self.name = name

    def get_username(self) -> str:
        return self.name

    def __str__(self) -> str:
        return self.name.title()


RUZA, MIRA = Clerk("ruza"), Clerk("mira")


def written(*lines: Line, valid_from: date | None = None) -> Written:
    return Written(
        valid_from=valid_from or timezone.localdate(),
        consent_number="02-15/2026",
        consent_on=date(2026, 2, 1),
        lines=lines,
    )


def longer(years: int | None) -> tuple[Line, ...]:
    """Return the lines of the first list, kept so long."""
    first = CategoryList.objects.get(number=1)
    return tuple(replace(each, years=years) for each in keeping.lines(first))


def second(years: int | None) -> CategoryList:
    draft = categories.begin(by=RUZA)
    categories.write(draft.number, written(*longer(years)), by=RUZA)
    draft.refresh_from_db()
    categories.put_in_force(draft.number, draft.written_at, by=MIRA)
    draft.refresh_from_db()
    return draft

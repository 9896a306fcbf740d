"""Which wording of a paper is used on a day."""

from datetime import date

from registration.documents.papers import Block, Version
from registration.models import PaperVersion


class PaperMissingError(LookupError):
    """No approved version of a kind of paper is valid on a day."""

    def __init__(self, kind: str, on: date) -> None:
        super().__init__(f"{kind} on {on.isoformat()}")
        self.kind, self.on = kind, on


def current(kind: str, on: date) -> Version:
    """Return the latest approved version valid on a day; raise PaperMissingError."""
    approved = PaperVersion.objects.filter(kind=kind, state=PaperVersion.State.APPROVED)
    row = approved.filter(valid_from__lte=on).order_by("valid_from", "code").last()
    if row is None:
        raise PaperMissingError(kind, on)
    return version(row)


def version(row: PaperVersion) -> Version:
    """Return a row with its blocks as the papers know it."""
    return Version(
        kind=row.kind,
        code=row.code,
        name=row.name,
        title=row.title,
        valid_from=row.valid_from,
        expected=tuple(row.expected),
        blocks=tuple(Block(each.place, each.text, each.heading) for each in row.blocks.all()),
    )

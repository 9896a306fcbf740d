"""Whose rows somebody sees: those of their own office, or of every one."""

from typing import Protocol, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


class Viewer(Protocol):
    """Whoever looks: a user with permissions and perhaps an office."""

    def get_username(self) -> str: ...
    def has_perm(self, perm: str) -> bool: ...


def sees_all(viewer: Viewer) -> bool:
    """Tell whether somebody keeps the archive of every office."""
    return viewer.has_perm("archive.view_every_office")


def code(actor: object) -> str:
    """Return the code of somebody's office; empty where they have none."""
    return getattr(getattr(actor, "office", None), "code", None) or ""


def visible(rows: QuerySet[Row], viewer: Viewer) -> QuerySet[Row]:
    """Return the rows (with an `office_code`) that a viewer may see."""
    if sees_all(viewer):
        return rows
    own = code(viewer)
    return rows.filter(office_code=own) if own else rows.none()

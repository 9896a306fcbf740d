"""Who may open a page of the archive."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest

from archive.queries import Viewer
from archive.services.disposal.holds import Person

View = TypeVar("View", bound=Callable[..., Any])

may_see = permission_required("archive.view_record", raise_exception=True)
may_take = permission_required(
    ("archive.view_record", "archive.view_recordfile"), raise_exception=True
)
may_take_list = permission_required(
    ("archive.view_record", "archive.export_list"), raise_exception=True
)
may_keep = permission_required(("archive.view_record", "archive.keep_paper"), raise_exception=True)

may_see_book = permission_required("archive.view_bookentry", raise_exception=True)
may_write_book = permission_required(
    ("archive.view_bookentry", "archive.change_bookentry"), raise_exception=True
)
may_see_list = permission_required("archive.view_categorylist", raise_exception=True)
may_write_list = permission_required(
    ("archive.view_categorylist", "archive.change_categorylist"), raise_exception=True
)
may_approve_list = permission_required(
    ("archive.view_categorylist", "archive.approve_categorylist"), raise_exception=True
)
may_apply_list = permission_required(
    ("archive.view_every_office", "archive.view_categorylist", "archive.change_categorylist"),
    raise_exception=True,
)
may_see_files = permission_required("archive.view_fixityfinding", raise_exception=True)
may_repair = permission_required(
    ("archive.view_fixityfinding", "archive.repair_files"), raise_exception=True
)
may_export = permission_required(
    ("archive.view_record", "archive.export_record"), raise_exception=True
)


def viewer(request: HttpRequest) -> Viewer:
    """Return who is logged in; LoginRequiredMiddleware lets nobody else come here."""
    return cast("Viewer", request.user)


def needs(*rights: str) -> Callable[[View], View]:
    """Let in whoever has all of the rights; refuse everybody else."""
    return permission_required(rights, raise_exception=True)


def person(request: HttpRequest) -> Person:
    """Return who is logged in, as one who acts."""
    return cast("Person", request.user)

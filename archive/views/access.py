"""Who may open a page of the archive."""

from typing import cast

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest

from archive.queries import Viewer

may_see = permission_required("archive.view_record", raise_exception=True)
may_take = permission_required(
    ("archive.view_record", "archive.view_recordfile"), raise_exception=True
)
may_export = permission_required(
    ("archive.view_record", "archive.export_records"), raise_exception=True
)
may_keep = permission_required(("archive.view_record", "archive.keep_paper"), raise_exception=True)


def viewer(request: HttpRequest) -> Viewer:
    """Return who is logged in; LoginRequiredMiddleware lets nobody else come here."""
    return cast("Viewer", request.user)

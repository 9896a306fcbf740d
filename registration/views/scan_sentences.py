"""What is the matter with a scan, as a sentence that says what to do next."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registration.models import Sheet, Stack

_FILE: Mapping[str, Any] = {
    "format": _(
        "This is no scan that can be read: PDF, TIFF, JPEG and PNG can. Let the scanner write one"
        " of these."
    ),
    "encrypted": _("The file wants a password. Let the scanner write it without one."),
    "broken": _("The file is damaged or was cut off. Scan the papers again."),
    "too-large": _("The file has too many %(what)s: %(found)s, at most %(limit)s. Scan in parts."),
    "no-picture": _("There is no page in the file. Scan the papers again."),
}
_SHEET: Mapping[str, Any] = {
    "no-code": _("No code could be read. Say which page this is, or set it aside."),
    "not-placed": _(
        "The code is of one page, the print looks like another. Look at the sheet, say which page"
        " it is, or set it aside."
    ),
    "superseded": _(
        "Another print run took the place of this page. Let the new papers be signed; this sheet"
        " does not count."
    ),
    "foreign": _(
        "This is no page of this office's cases. Give the sheet to whose it is, then set the"
        " picture aside."
    ),
    "forged": _(
        "The code says that the page is ours, and its check does not agree. Keep the sheet and"
        " tell the administrator."
    ),
    "altered": _(
        "The printed text was changed by hand, so the page does not count. Print the paper again"
        " and let it be signed."
    ),
    "broken": _("The picture of this page is damaged. Scan the sheet again."),
    "too-large": _("The picture of this page is too large. Scan the sheet with 300 dpi."),
    "no-picture": _("There is no picture on this page of the file. Scan the sheet again."),
    "lost": _("The scanner's file is damaged or gone meanwhile. Scan the sheet again."),
    "unexpected": _("This page could not be read. Scan the sheet again."),
    "better-scan": _("Another scan of the same page is better and was proposed instead."),
    "reprint-cover": _("This is the cover of a reprint: it is not signed and not kept."),
    "confirmed-already": _("This page is confirmed already from another scan."),
}
_WHAT: Mapping[str, Any] = {
    "bytes": _("bytes"),
    "pages": _("pages"),
    "pixels": _("pixels"),
    "page bytes": _("bytes on one page"),
}


def of_stack(stack: Stack) -> str:
    """Return why a file was refused; empty when it was not."""
    if stack.state != Stack.State.REFUSED:
        return ""
    facts = dict(stack.failure_facts)
    facts["what"] = _WHAT.get(str(facts.get("what")), "")
    return str(_FILE.get(stack.failure, _FILE["broken"])) % facts


def of_sheet(sheet: Sheet) -> str:
    """Return what is the matter with a sheet; empty when nothing is."""
    if sheet.state == Sheet.State.NAMED and _superseded(sheet):
        return str(_SHEET["superseded"])
    return str(_SHEET.get(sheet.reason, ""))


def reason(sheet: Sheet) -> str:
    """Return why another print run took the place of the sheet's page, as the officer wrote it."""
    paper = sheet.page.paper if sheet.page else None
    return paper.superseded_reason if paper else ""


def named(sheet: Sheet) -> str:
    """Name the page that a sheet shows: "Contract, copy 2, page 3"; empty when nobody knows."""
    if sheet.behind:
        return gettext("Request that the citizen brought")
    return named_page(sheet.page) if sheet.page else ""


def named_page(page: Any) -> str:
    return gettext("%(paper)s, copy %(copy)s, page %(page)s") % {
        "paper": page.paper.get_kind_display(),
        "copy": page.paper.copy,
        "page": page.number,
    }


def _superseded(sheet: Sheet) -> bool:
    return sheet.place is not None and sheet.place.paper.superseded_at is not None

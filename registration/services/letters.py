"""Letters to those who gave no e-mail: printed together, with the list of whom they go to."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation

from archive import printing, store
from archive.services import audit
from archive.services.files import blobs
from registration import errors
from registration.documents import packet, stamping
from registration.documents.packet import Coded
from registration.documents.papers import Version
from registration.models import LetterRun, Notice, Office, Paper, User
from registration.queries import notices as queries
from registration.queries import wording
from registration.services import notices, packets

_SHEETS = 200  # letters of one run: a printer's tray


def print_waiting(office: Office, *, by: User) -> LetterRun:
    """Print what an office has to send: PDF first, then the rows.

    Raises NothingToPrintError, and ChangedMeanwhileError where a colleague was faster.
    """
    if by.office_id != office.pk:
        raise errors.ForeignOfficeError
    due = _still_wanted(queries.letters(office))[:_SHEETS]
    if not due:
        raise errors.NothingToPrintError
    made = _made(due)
    sha256 = store.put(made)
    now = timezone.now()
    with audit.transaction():
        blobs.keep([sha256])
        run = LetterRun.objects.create(office=office, printed_by=by, printed_at=now, sha256=sha256)
        waiting = queries.letters(office).filter(pk__in=[each.pk for each in due])
        if waiting.update(state=Notice.State.SENT, done_at=now, run=run) != len(due):
            raise errors.ChangedMeanwhileError
        for each in due:
            _note(each, by)
    return run


def open_run(run: LetterRun, *, by: User) -> bytes:
    """Return the letters of a run to print them again, and log who looked at them."""
    if by.office_id != run.office_id:
        raise errors.ForeignOfficeError
    audit.view(f"letters.{run.pk}", by=by, facts={"what": "letters"})
    return store.get(run.sha256)


def _still_wanted(waiting: Any) -> list[Notice]:
    """Leave out whose certificates ended or were renewed meanwhile."""
    found: list[Notice] = []
    for each in waiting:
        if queries.wanted(each.application, each.ends_on):
            found.append(each)
        else:
            gone = Notice.objects.filter(pk=each.pk, state=Notice.State.WAITING)
            gone.update(state=Notice.State.NOT_NEEDED, done_at=timezone.now())
    return found


def _made(due: Sequence[Notice]) -> bytes:
    version = wording.current(str(Paper.Kind.NOTICE), timezone.localdate())
    letters = [_letter(each, version) for each in due]
    return stamping.joined(_list(due), packet.to_print(letters))


def _letter(each: Notice, version: Version) -> Coded:
    context = notices.context(each.application, each.ends_on)
    (letter,) = packet.coded(context, [(version, 1)], packets.press())
    return letter


def _list(due: Sequence[Notice]) -> bytes:
    """Return whom the letters go to, in their order, for the book of outgoing mail."""
    with translation.override("sr"):
        rows = [_row(each) for each in due]
        office, today = due[0].application.office, timezone.localdate()
        shown: dict[str, Any] = {"rows": rows, "office": office, "today": today}
        return printing.accessible(render_to_string("registration/notices/list_sheet.html", shown))


def _row(each: Notice) -> dict[str, str | date]:
    values = notices.values(each.application, each.ends_on)
    return {
        "name": values["full_name"],
        "address": ", ".join((values["street_line"], values["place_line"])),
        "case": values["case_number"],
        "ends_on": each.ends_on,
    }


def _note(each: Notice, by: User) -> None:
    facts = {"days": each.days, "ends_on": each.ends_on.isoformat()}
    audit.append("notice.printed", subject=each.application.number, by=by, facts=facts)

"""Day sheets: printed, kept, signed by two people with a pen."""

from datetime import date

from django.db import IntegrityError
from django.template.loader import render_to_string
from django.utils import timezone, translation

from archive import printing, store
from archive.services import audit
from archive.services.files import blobs
from archive.services.log import heads
from registration import errors
from registration.models import DaySheet, Office, User
from registration.queries import days


def print_sheet(office: Office, day: date, *, by: User) -> DaySheet:
    """Print what an office did on a day under a fresh head of the log: PDF first, then the row.

    Raises ForeignOfficeError, FutureDayError, ChangedMeanwhileError.
    """
    if by.office_id != office.pk:
        raise errors.ForeignOfficeError
    if day > timezone.localdate():
        raise errors.FutureDayError
    heads.sign_if_possible()
    edition = DaySheet.objects.filter(office=office, day=day).count() + 1
    made = DaySheet(office=office, day=day, edition=edition, head=heads.printed(), printed_by=by)
    made.printed_at = timezone.now()
    told = days.of(office, day)
    pdf = _pdf(made, told)
    made.sha256 = store.put(pdf)
    try:
        with audit.transaction():
            blobs.keep([made.sha256])
            made.save(force_insert=True)
            _note(made, told)
    except IntegrityError as fault:
        raise errors.ChangedMeanwhileError from fault
    return made


def _note(made: DaySheet, told: days.Day) -> None:
    facts = {
        "sha256": made.sha256,
        "edition": made.edition,
        "head": made.head,
        "differences": len(told.differences),
    }
    subject = f"day.{made.office.code}.{made.day.isoformat()}"
    audit.append("day.print", subject=subject, by=made.printed_by, facts=facts)


def _pdf(made: DaySheet, told: days.Day) -> bytes:
    with translation.override("sr"):
        shown = {"sheet": made, "told": told, "officer": made.printed_by}
        return printing.lasting(render_to_string("registration/days/sheet.html", shown))

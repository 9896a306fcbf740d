"""Looking at a citizen's data: numbers in full only for a reason; who is not at work is logged."""

from archive.services import audit
from registration import errors
from registration.models import Application, CardReading, User
from registration.queries import cases as found
from registration.services import cases


def reveal_jmbg(application: Application, reason: str, *, by: User) -> str:
    """Return the applicant's JMBG in full, for a reason that is logged.

    Raises ForeignOfficeError, NotAllowedError, ReasonMissingError.
    """
    cases.require_office(application, by)
    if not by.has_perm("registration.view_application"):
        raise errors.NotAllowedError
    if not reason.strip():
        raise errors.ReasonMissingError
    audit.view(application.number, by=by, reason=reason.strip(), facts={"what": "jmbg"})
    return found.applicant_of(application).jmbg


def note(application: Application, what: str, *, by: User) -> None:
    """Log that somebody looked at a page or paper that names the citizen.

    Of who works on an open case the log tells what they do; everybody else's look is an event.
    """
    if not found.works_on(by, application):
        audit.view(application.number, by=by, facts={"what": what})


def note_search(text: str, *, by: User) -> None:
    """Log that somebody searched the cases; what was typed may name a person and is sealed."""
    audit.view("cases", by=by, facts={"what": "search"}, private={"text": text})


def note_reading(reading: CardReading, *, by: User) -> None:
    """Log that somebody looked at the data of a card that a colleague let be read."""
    if reading.asked_by_id != by.pk:
        subject = f"reading.{reading.pk}"
        audit.view(subject, by=by, facts={"what": "card"})

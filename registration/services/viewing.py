"""Looking at a person's number: in full only for a reason; who is not at work there is logged."""

from archive.services import audit
from registration import errors
from registration.models import Application, User
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
    audit.view(
        application.number, by=by, office=by.office, reason=reason.strip(), facts={"what": "jmbg"}
    )
    return found.applicant_of(application).jmbg


def note(application: Application, what: str, *, by: User) -> None:
    """Log that an officer opened a form or paper on which the JMBG stands, in another's case."""
    if not found.works_on(by, application):
        audit.view(application.number, by=by, office=by.office, facts={"what": what})

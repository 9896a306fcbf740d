"""The citizen's entry of a PIN, which the officer may end while it is waited for."""

from dataclasses import dataclass

from archive.services import audit
from registration import errors
from registration.models import Application, Desk, Issuance, Unblocking, User
from registration.queries import issuances as queries
from registration.services import cases, desks, issuances
from registration.services.desks import About, Outgoing
from registration.workflow.issuance import RUNNING
from registration.workflow.unblocking import Stage

_ASKED = "waiting-citizen"  # the desk's word while it waits for the citizen
_STEP = "cancel"


@dataclass(frozen=True)
class Entry:
    """A PIN that is asked for. `work`: the id of what it is for, `making`: the desk's name."""

    desk: Desk
    work: str
    making: str


def cancel(application: Application, *, by: User) -> None:
    """Note that nobody is to be asked any more; `command` tells the desk.

    Raises NotNowError where the desk does not wait for the citizen. At a reader's own keys the wait
    ends when the reader lets it.
    """
    cases.require_officer(application, by)
    with audit.transaction():
        entry = awaited(application)
        if entry is None:
            raise errors.NotNowError
        facts = {"desk": entry.desk.code}
        audit.append("pin-entry.cancel", subject=application.number, by=by, facts=facts)


def command(application_id: str) -> Outgoing | None:
    """Return the word that ends the wait; None where the citizen was quicker."""
    application = Application.objects.get(pk=application_id)
    entry = awaited(application)
    if entry is None:
        return None
    about = About(case=application.number, issuance=entry.work, step=_STEP)
    return desks.compose(entry.desk, _STEP, {"making": entry.making}, about)


def awaited(application: Application) -> Entry | None:
    """Return what a PIN is being asked for."""
    made = queries.current(application)
    if made and made.stage in RUNNING and _is_asked(made):
        return Entry(made.desk, str(made.pk), issuances.making(made))
    waiting = Unblocking.objects.filter(application=application, stage=Stage.WAITING)
    row = waiting.select_related("desk").first()
    if row and row.desk and _is_asked(row):
        return Entry(row.desk, str(row.pk), str(row.pk))
    return None


def _is_asked(row: Issuance | Unblocking) -> bool:
    return str(row.progress.get("stage")) == _ASKED

"""Which certificates a request to change a status is about, and whether what it says fits."""

from typing import Protocol

from registration import errors
from registration.queries import certificates
from registration.rules import digits
from registration.workflow import status
from registration.workflow.states import Procedure
from registration.workflow.status import Reason

MOST = 4  # lines of the form


class Asked(Protocol):
    """What was chosen on the form, as far as it decides that."""

    @property
    def procedure(self) -> str: ...
    @property
    def status_change(self) -> str: ...
    @property
    def status_reason(self) -> str: ...
    @property
    def serials(self) -> tuple[str, ...]: ...
    @property
    def reported_by(self) -> str: ...


def serials(jmbg: str, asked: Asked) -> tuple[str, ...]:
    """Return the serials of the certificates: those named, else all that can be changed so.

    Raises StatusReasonError, CertificateError, TooManyCertificatesError.
    """
    if asked.procedure != Procedure.STATUS:
        return asked.serials
    _require_reason(asked)
    possible = [
        each.serial
        for each in certificates.of_person(digits.clean(jmbg))
        if status.possible(asked.status_change, each.status)
    ]
    chosen = [serial for serial in possible if not asked.serials or serial in asked.serials]
    if not chosen or not set(asked.serials) <= set(chosen):
        raise errors.CertificateError
    if len(chosen) > MOST:
        raise errors.TooManyCertificatesError(most=MOST)
    return tuple(chosen)


def _require_reason(asked: Asked) -> None:
    """Raise StatusReasonError unless the reason fits the change, and somebody brings a death."""
    fits = bool(status.code(asked.status_change, asked.status_reason))
    died = asked.status_reason == Reason.DIED
    if not fits or died != bool(asked.reported_by.strip()):
        raise errors.StatusReasonError

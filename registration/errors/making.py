"""What is refused while a certificate is made, or changes: desk, gate, certification body."""

from collections.abc import Sequence

from registration.errors.base import RegistrationError
from registration.rules.findings import gettext_noop


class DeskError(RegistrationError):
    """Root of what hinders a desk."""


class ForeignDeskError(DeskError):
    message = gettext_noop("This desk belongs to another office. Choose one of your own.")


class SilentDeskError(DeskError):
    message = gettext_noop(
        "The desk does not answer. Look whether its program runs, then try again."
    )


class BusyDeskError(DeskError):
    message = gettext_noop("The desk is at work on another case. Wait until it is done.")


class DeskAtWorkError(DeskError):
    message = gettext_noop("The desk is at work on this case. Wait until it has answered.")


class GateError(RegistrationError):
    message = gettext_noop("Not everything is there yet: see what is missing above the button.")

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(missing=list(missing))


class PukTryError(RegistrationError):
    message = gettext_noop(
        "Trying again uses up another of the PUK's tries, and the last one blocks the card for"
        " good. Tick that you want it, or write down how the PIN was unblocked elsewhere."
    )


class OptionError(RegistrationError):
    message = gettext_noop(
        "The signed request circles another option than the case has. Correct the data and print"
        " the papers again."
    )


class CertificateError(RegistrationError):
    """No certificate of the person is there that the change could be made of."""

    message = gettext_noop(
        "The person has no such certificate, or its status does not allow this change. Look at the"
        " serial number and at where the certificate stands."
    )


class TooManyCertificatesError(RegistrationError):
    message = gettext_noop("One request names %(most)s certificates at most. Type their numbers.")


class StatusReasonError(RegistrationError):
    message = gettext_noop(
        "Only when the holder died does somebody else bring the request: write down who, or choose"
        " another reason."
    )


class BodyAskedError(RegistrationError):
    message = gettext_noop(
        "The certification body is being asked for this case. Wait until it has answered."
    )


class NotToldError(RegistrationError):
    message = gettext_noop("Note how the citizen was told of the change, then file the case.")


class EmailError(RegistrationError):
    message = gettext_noop(
        "The address differs from the one on record. Read it again from the signed request; if the"
        " paper is right, correct the data and print the papers again."
    )


class AlreadyMakingError(RegistrationError):
    message = gettext_noop("The certificate is being made already. See how far it is.")


class StillRunningError(RegistrationError):
    message = gettext_noop("The making still goes on. Wait until it stops, then give up.")


class TooLateError(RegistrationError):
    message = gettext_noop(
        "The certificate was handed over: it cannot be recalled here, it has to be revoked."
    )


class NotAcceptedError(RegistrationError):
    message = gettext_noop(
        "The certification body has not agreed to the certificate yet. Hand nothing over before"
        " that."
    )


class PersonGoneError(RegistrationError):
    message = gettext_noop(
        "The data of the person are not kept any more, neither here nor in the archive. Open a new"
        " case with the person's card."
    )


class CANotReachedError(RegistrationError):
    message = gettext_noop(
        "The certification body cannot be reached, so nothing was changed. Try again in a few"
        " minutes."
    )


class BodyGoneError(CANotReachedError):
    message = gettext_noop(
        "The certification body with which this was begun is not in the settings any more, so"
        " nothing was changed. Tell the administrator."
    )

"""Why a paper got no seal, and what follows: to wait, to leave the paper, to stop for a person."""

from typing import Any, ClassVar


def gettext_noop(message: str) -> str:
    """Mark a sentence for the catalogues; whoever shows it translates it."""
    return message


class SealError(Exception):
    """Root; `message` is an English msgid with %(name)s places, filled from `facts`.

    `reason` is a stable kebab-case code without personal data. `retryable`: waiting may heal it.
    `stops`: every other paper would meet it too, and trying again may do harm or be in vain.
    """

    message: ClassVar[str] = gettext_noop("The paper could not be sealed: %(reason)s.")
    retryable: bool = False
    stops: bool = False

    def __init__(self, reason: str, **facts: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts: dict[str, Any] = {"reason": reason, **facts}


class SettingsError(SealError):
    """A setting is missing, unknown or contradicts another; `reason` names it."""

    message = gettext_noop("The settings of the seal are not right: see OVERA_SEAL_%(reason)s.")
    retryable = True  # the next try reads them anew


class KeyUnusableError(SealError):
    """The key cannot be reached: its file, module, token or certificate is not there or not it."""

    message = gettext_noop(
        "The key of the seal cannot be used (%(reason)s). See to its file or token; sealing goes on"
        " by itself."
    )
    retryable = True


class PinRefusedError(SealError):
    """The token refused the PIN, or has so few tries left that we do not ask it."""

    message = gettext_noop(
        "The token of the seal did not take the PIN (%(reason)s), so it is not tried again. Correct"
        " the PIN, log in to the token once, then let the sealing go on."
    )
    stops = True


class SealerRejectedError(SealError):
    """The seal's own certificate is expired, revoked, of another purpose or of an unknown body."""

    message = gettext_noop(
        "The certificate of the seal is not valid (%(reason)s). Renew it, then let the sealing go"
        " on."
    )
    stops = True


class TransportError(SealError):
    """Root of what the network did; nothing was refused."""

    retryable = True


class TimestampUnreachableError(TransportError):
    message = gettext_noop(
        "The time-stamping authority does not answer (%(reason)s). It is asked again by itself."
    )


class RevocationUnreachableError(TransportError):
    message = gettext_noop(
        "The revocation lists could not be fetched (%(reason)s). They are asked for again by"
        " themselves."
    )


class TimestampRefusedError(SealError):
    """The authority answered with a refusal; `reason` is its failInfo or HTTP status."""

    message = gettext_noop(
        "The time-stamping authority refused the request (%(reason)s). Speak to it, then let the"
        " sealing go on."
    )
    stops = True

    def __init__(self, reason: str, *, passing: bool = False, **facts: Any) -> None:
        """Set `passing` where the authority says itself that the refusal will pass."""
        super().__init__(reason, **facts)
        self.retryable, self.stops = passing, not passing


class TimestampWrongError(SealError):
    """A stamp of another nonce, another content or an unknown authority: never keep it."""

    message = gettext_noop(
        "The time stamp that came back is not to be trusted (%(reason)s). Look who answers at the"
        " authority's address, then let the sealing go on."
    )
    stops = True


class PaperUnsealableError(SealError):
    """A file that cannot be sealed: it is no PDF, is encrypted, or bears a signature already."""

    message = gettext_noop("This paper's file cannot be sealed: %(reason)s.")


class UnforeseenError(SealError):
    """A library raised what nobody foresaw; its traceback is in the worker's log."""

    message = gettext_noop(
        "This paper could not be sealed, for a reason that is in the worker's log (%(reason)s)."
    )

"""What can go wrong between the counter and a certification body, and whether a retry can help."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

NOT_SET = "body-not-set"


def gettext_noop(message: str) -> str:
    """Mark a sentence for the catalogues; whoever shows it translates it."""
    return message


class CAError(Exception):
    """Root; `message` is an English msgid with %(name)s places, filled from `facts`."""

    message: ClassVar[str] = gettext_noop(
        "The certification body could not serve the request: %(reason)s."
    )
    retryable: bool = False

    def __init__(self, reason: str, *, retryable: bool | None = None, **facts: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts: dict[str, Any] = {"reason": reason, **facts}
        if retryable is not None:
            self.retryable = retryable


class CAUnreachableError(CAError):
    message = gettext_noop(
        "The certification body does not answer (%(reason)s). Nothing is lost: try again in a few"
        " minutes; if it lasts, call the administrator."
    )
    retryable = True


class AnswerLostError(CAError):
    """The request was sent, and what came back is nothing, or nothing that can be believed.

    Whether a certificate was issued is open: only for requests that may be repeated is it harmless.
    """

    message = gettext_noop(
        "The answer of the certification body is lost (%(reason)s). Ask there whether a certificate"
        " was issued before anything else is done."
    )


class CARefusedError(CAError):
    """`reason` is a stable kebab-case code, without personal data."""

    message = gettext_noop(
        "The certification body refused the request (%(reason)s). Repeating it does not help:"
        " correct the case or call the administrator."
    )


class CASettingsError(CAError):
    """A setting is missing, unknown or contradicts another; `reason` names it."""

    message = gettext_noop(
        "The settings of the certification body are not right: see OVERA_CA_%(reason)s."
    )


class BodyNotSetError(CAError):
    """The body that something was begun with is not the one that the settings name, or is gone.

    What waits for it goes on when it is there again; `body` is its name, empty for the default one.
    """

    message = gettext_noop(
        "The certification body with which this was begun is not in the settings any more. Nothing"
        " is lost: tell the administrator."
    )
    retryable = True

    def __init__(self, body: str) -> None:
        super().__init__(NOT_SET, body=body)


class CertificateRejectedError(CAError):
    """The certificate that came back is not the one that was approved; never write it.

    `findings` are stable kebab-case codes in the order in which the checks were made.
    """

    message = gettext_noop(
        "The certificate that the certification body returned was not accepted (%(reason)s) and was"
        " not written to the card. It has to be revoked: call the administrator."
    )

    def __init__(self, findings: tuple[str, ...]) -> None:
        super().__init__(", ".join(findings), findings=list(findings))
        self.findings = findings


class ProofError(CAError):
    """A signature by which the card should prove its key does not hold."""

    message = gettext_noop(
        "The card did not prove that it holds the key (%(reason)s). Take the card out, put it back"
        " and start the issuing again."
    )


@contextmanager
def repeatable() -> Iterator[None]:
    """Turn a lost answer into "ask again": the question does no harm twice."""
    try:
        yield
    except AnswerLostError as error:
        raise CAUnreachableError(error.reason) from error

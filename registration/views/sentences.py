"""What went wrong at a desk, as a sentence that says what to do next."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registration.ca.errors import NOT_SET
from registration.forms import names
from registration.models import CardReading

_FAILURES: dict[str, Any] = {
    "service-down": _("The card service of the desk does not run. Start pcscd again."),
    "no-reader": _("The desk sees no card reader. Plug the reader in."),
    "no-card": _("There is no card in the reader. Insert it with the chip first."),
    "card-removed": _("The card was taken out too early. Put the same card back."),
    "card-reset": _("Another program disturbed the card. Close programs that use cards."),
    "card-held-by-another-program": _(
        "Another program holds the card. Close the browser or token program that uses it."
    ),
    "card-mute": _(
        "The card does not answer. Clean the chip and insert it again; perhaps it lies the wrong "
        "way round."
    ),
    "card-answer-malformed": _(
        "The card answered with something that makes no sense. Take it out and insert it again."
    ),
    "not-available": _(
        "This card cannot do that through our program: the vendor's module is needed. Tell the "
        "administrator."
    ),
    "card-refused": _("The card refused a command. Take it out and insert it again."),
    "wrong-pin": _("The PIN was wrong. The citizen may try again."),
    "pin-blocked": _(
        "The PIN is blocked after too many wrong tries. It must be unblocked with form 2 before "
        "the certificate can be made."
    ),
    "wrong-puk": _(
        "The card refuses the office's PUK: it was not prepared here. Nothing is tried again by "
        "itself. Use the vendor's tool, then write down below how it was done."
    ),
    "puk-blocked": _(
        "The PUK of this card is blocked too: nobody can unblock the PIN any more. The citizen "
        "needs a new identity card; refuse the request."
    ),
    "last-puk-try": _(
        "The card takes one more try of the PUK only; if that one is wrong, it is blocked for "
        "good. Nothing was tried: decide below."
    ),
    "pin-not-blocked": _(
        "The PIN is not blocked: the citizen can use it. Who has forgotten it circles the change "
        "of the PIN: correct the data and print form 2 again."
    ),
    "pin-timeout": _("The citizen did not type the PIN in time. It can be asked for again."),
    "pin-cancelled": _("The entry of the PIN was cancelled. The PIN can be asked for again."),
    "pin-length": _("A PIN of this card has another number of digits. It can be asked for again."),
    "pins-differ": _("The new PIN was not typed twice the same. It can be asked for again."),
    "pin-pad-refused": _(
        "The keys of the reader %(reader)s cannot take the PIN of this card. Use another reader,"
        " or let the administrator switch its keys off for this desk."
    ),
    "unknown-card": _("This is not an identity card that the counter knows. Insert another."),
    "wrong-card": _("This card is not the applicant's. Insert the right one."),
    "card-too-old": _(
        "The chip of this card is too old for a certificate. The citizen needs a new identity "
        "card first."
    ),
    "card-data-garbled": _(
        "The data on the chip are damaged or incomplete. Clean the chip and read the card again; if"
        " it stays so, the citizen needs a new identity card first."
    ),
    "management-key-refused": _(
        "The card refuses the office's key. It was not prepared here: try another card or ask "
        "the administrator."
    ),
    "key-not-on-card": _(
        "The key made before is not on this card. Insert the card on which it was made, or give up."
    ),
    "read-back-differs": _(
        "The card holds another certificate than the one written. It can be written again."
    ),
    "module-missing": _(
        "The program that writes these cards is not installed on the desk, or in another place than"
        " its configuration says. Tell the administrator."
    ),
    "module-sees-no-card": _(
        "The program that writes these cards does not see the card. Take it out and insert it"
        " again; if it stays, tell the administrator."
    ),
    "card-ambiguous": _(
        "More than one card could be meant. Leave only the applicant's in the readers."
    ),
    "module-refused": _(
        "The program that writes these cards refused (%(fault)s). Try again; if it stays, tell the"
        " administrator."
    ),
    "key-could-leave-card": _(
        "The card made a key that could be copied out of it: it was destroyed. Try another card and"
        " tell the administrator."
    ),
    "no-space": _("There is no space for the certificate on the card. Give up, try another."),
    "message-refused": _("The desk refused the server's message. Look at the desk's clock."),
    "no-answer": _("The desk was asked several times and did not answer. Go on, or give up."),
    "request-not-proven": _("The card did not prove that it made the key. Go on with the card."),
    "certificate-not-valid": _(
        "The certificate is not valid any more at the certification body: it is not written. Give"
        " up and issue again."
    ),
    "desk-silent": _("The desk does not answer. Look whether its program runs."),
    "ca-unreachable": _(
        "The certification body cannot be reached. Nothing is lost: leave the card in the reader,"
        " and it goes on by itself as soon as the body answers. If the citizen cannot wait, go on"
        " later with the card."
    ),
    "ca-refused": _("The certification body refused the request. Give up and check the data."),
    "approval-not-awaited": _(
        "The approval of the certification body was not awaited. Go on to wait for it, or give up."
    ),
    "certificate-rejected": _(
        "The certificate that came is not what was asked for, and it was not written. Give up."
    ),
}
_OF_BODY: dict[str, Any] = {  # by the reason, which says more than the code
    NOT_SET: _(
        "The certification body with which this was begun is not in the settings any more. Nothing"
        " is lost: tell the administrator. It goes on when the body is there again."
    ),
}
_UNKNOWN = _(
    "Something unexpected happened (%(code)s). Try again; if it stays, tell the administrator."
)


def of_failure(code: str, facts: Mapping[str, Any]) -> str:
    """Return the sentence for a failure's code, with the fields that differ; empty for none."""
    if not code:
        return ""
    named = {"fault": "", "reader": "", **facts, "code": code}
    sentence = str(of_body(facts) or _FAILURES.get(code, _UNKNOWN)) % named
    fields = ", ".join(names.of(facts.get("fields", [])))
    differing = gettext("Different on the card: %(fields)s.") % {"fields": fields}
    return f"{sentence} {differing}" if fields else sentence


def of_body(facts: Mapping[str, Any]) -> Any:
    """Return the sentence for what is wrong with the body itself; empty for anything else."""
    return _OF_BODY.get(str(facts.get("reason", "")), "")


def of_reading(reading: CardReading) -> str:
    """Return why a reading failed; empty when it did not."""
    if reading.result != CardReading.Result.FAILED:
        return ""
    return of_failure(reading.failure_code, reading.failure_facts)

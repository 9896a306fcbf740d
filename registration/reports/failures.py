"""The failures of a making as a statistic names them, by `Issuance.failure_code`."""

from typing import Any

from django.utils.translation import gettext_lazy as _

_TITLES: dict[str, Any] = {
    "service-down": _("Card service stopped"),
    "no-reader": _("No card reader"),
    "no-card": _("No card in the reader"),
    "card-removed": _("Card taken out too early"),
    "card-reset": _("Card disturbed by another program"),
    "card-held-by-another-program": _("Card held by another program"),
    "card-mute": _("Card does not answer"),
    "card-answer-malformed": _("Card answered with nonsense"),
    "not-available": _("Card cannot do that without the vendor's module"),
    "wrong-puk": _("Card refused the unblocking key"),
    "puk-blocked": _("Unblocking key blocked"),
    "card-refused": _("Card refused a command"),
    "wrong-pin": _("Wrong PIN"),
    "pin-blocked": _("PIN blocked"),
    "last-puk-try": _("One try of the PUK left"),
    "pin-not-blocked": _("PIN not blocked"),
    "pin-timeout": _("PIN not typed in time"),
    "pin-cancelled": _("PIN entry cancelled"),
    "pin-length": _("PIN too short or too long"),
    "unknown-card": _("Unknown kind of card"),
    "wrong-card": _("Another person's card"),
    "card-too-old": _("Chip too old"),
    "card-data-garbled": _("Data on the chip damaged"),
    "management-key-refused": _("Card refused the office's key"),
    "key-not-on-card": _("Key not on this card"),
    "read-back-differs": _("Another certificate read back"),
    "module-missing": _("Card program not installed"),
    "module-sees-no-card": _("Card program sees no card"),
    "card-ambiguous": _("More than one card"),
    "module-refused": _("Card program refused"),
    "key-could-leave-card": _("Key could leave the card"),
    "no-space": _("No space on the card"),
    "message-refused": _("Message refused by the desk"),
    "no-answer": _("Desk did not answer"),
    "desk-silent": _("Desk silent"),
    "request-not-proven": _("Request not proven by the card"),
    "certificate-not-valid": _("Certificate not valid any more"),
    "ca-unreachable": _("Certification body not reached"),
    "ca-refused": _("Refused by the certification body"),
    "approval-not-awaited": _("Approval not awaited"),
    "ca-answer-lost": _("Answer of the certification body lost"),
    "stands-otherwise": _("Certificate stands otherwise at the body"),
    "certificate-rejected": _("Certificate not as asked for"),
}


def title(code: str) -> Any:
    """Return the failure in a few words; a code that nobody knows stands for itself."""
    return _TITLES.get(code, code)

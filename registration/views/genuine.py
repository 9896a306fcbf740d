"""Whether a card's data are the ministry's, as a sentence that says what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from cardops.identity import authenticity, card
from registration.models import CardReading

_FILES: dict[str, Any] = {
    "0F02": _("data of the document"),
    "0F03": _("personal data"),
    "0F04": _("residence"),
    "0F06": _("portrait"),
}
_REASONS: dict[str, Any] = {
    authenticity.DIFFERS: _(
        "NOT PROVEN: other than what the ministry signed: %(files)s. Do not issue to this card: "
        "compare the holder with the ministry's records and tell your manager."
    ),
    authenticity.SIGNATURE: _(
        "NOT PROVEN: the ministry's signature over the card's data is false. Do not issue to it: "
        "compare the holder with the ministry's records and tell your manager."
    ),
    authenticity.SIGNER: _(
        "NOT PROVEN: the card's data are signed by somebody whom this desk does not trust. "
        "The card is forged, or the desk lacks a newer certificate of the ministry: ask the "
        "administrator before you go on."
    ),
    authenticity.UNREADABLE: _(
        "NOT PROVEN: the signature over the card's data cannot be read. Clean the chip and read "
        "the card again; if it stays so, do not issue to it and tell your manager."
    ),
    authenticity.NO_AUTHORITIES: _(
        "Nobody can tell whether the card is genuine: this desk has no certificates of the "
        "ministry. Compare card, portrait and person with care; the administrator can set them up."
    ),
    authenticity.NO_HASHES: _(
        "Nobody can tell whether the card is genuine: its data are not signed. Compare card, "
        "portrait and person with care."
    ),
    authenticity.OLD_CARD: _("Nobody can tell whether the card is genuine: its chip is too old."),
}
_PROVEN = _("Proven: the ministry signed what the card says.")
_UNTOLD = _(
    "Nobody can tell whether the card is genuine: the desk's program does not examine it. Compare "
    "card, portrait and person with care."
)
_LOOKS = {card.PROVEN: "good", card.NOT_PROVEN: "bad"}


@dataclass(frozen=True)
class Genuine:
    """`look` is good, bad or wait."""

    verdict: str
    look: str
    sentence: Any


def of(reading: CardReading | None) -> Genuine | None:
    """Say it of a card that was read; None where none was."""
    if reading is None or reading.result != CardReading.Result.READ:
        return None
    look = _LOOKS.get(reading.authenticity, "wait")
    return Genuine(reading.authenticity, look, _sentence(reading.authenticity, reading.card or {}))


def _sentence(verdict: str, read: Mapping[str, Any]) -> Any:
    if verdict == card.PROVEN:
        return _PROVEN
    files = ", ".join(str(_FILES.get(file, file)) for file in read.get("files", ()))
    return str(_REASONS.get(read.get("reason", ""), _UNTOLD)) % {"files": files}

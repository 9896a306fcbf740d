"""What kind of card a virtual one is, and what is wrong with it."""

from dataclasses import dataclass, field
from typing import Any

NAMES = {
    "citizen": bytes.fromhex("F381000002534552494401"),
    "foreigner": bytes.fromhex("F381000002534552494601"),
    "residence-permit": bytes.fromhex("F381000002534552525001"),
}
OLD, CARDEDGE, PIV = "old", "cardedge", "piv"

_TOO_LONG = bytes(64)  # no ATR has more than 33 bytes: the reader gives up on the card
_OLD_ATR = bytes.fromhex("3BB918008131FE9E8073FF614083000000DF")
_ATR_OF_2014 = bytes.fromhex("3BFF9400008131804380318065B0850201F3120FFF82900079")
_ATR_OF_2023 = bytes.fromhex("3B9E968031FE4553434520382E302D433156300D0A6F")
_ATR_OF_2024 = bytes.fromhex("3B9E968031FE4553434520382E302D433256300D0A6C")


@dataclass(frozen=True)
class Make:
    """How a card was made.

    `identity`: a name of NAMES, "none", or "old" for a card of 2008, which has no other one.
    `forged`: "surname" was changed after the signing | "signature" is damaged | "signer" is of
    another ministry | "holder" signed with a citizen's certificate | "unsigned".
    `files`: raw contents in hex that stand in place of the right ones, "" where a file is missing.
    `document`: fields of the SyntheticPerson that this card has otherwise ("issued_on").
    `applet`: the application that signs: "piv", "cardedge" or "" for none.
    `vendor`: the PIV application has its vendor's commands.
    `mute`: the reader sees that a card is there and cannot power it.
    """

    identity: str = "citizen"
    forged: str = ""
    files: dict[str, str] = field(default_factory=dict)
    applet: str = "piv"
    document: dict[str, Any] = field(default_factory=dict)
    vendor: bool = True
    mute: bool = False

    @property
    def atr(self) -> bytes:
        if self.mute:
            return _TOO_LONG
        if self.identity == OLD:
            return _OLD_ATR
        if self.applet == CARDEDGE:
            return _ATR_OF_2014
        return _ATR_OF_2023 if self.identity == "citizen" else _ATR_OF_2024

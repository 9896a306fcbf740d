"""What kind of card a virtual one is, and what is wrong with it."""

from dataclasses import dataclass, field

NAMES = {
    "citizen": bytes.fromhex("F381000002534552494401"),
    "foreigner": bytes.fromhex("F381000002534552494601"),
    "residence-permit": bytes.fromhex("F381000002534552525001"),
}
OLD, CARDEDGE, PIV = "old", "cardedge", "piv"

_OLD_ATR = bytes.fromhex("3BB918008131FE9E8073FF614083000000DF")
_ATR_OF_2014 = bytes.fromhex("3BFF9400008131804380318065B0850201F3120FFF82900079")
_ATR_OF_2023 = bytes.fromhex("3B9E968031FE4553434520382E302D433156300D0A6F")
_ATR_OF_2024 = bytes.fromhex("3B9E968031FE4553434520382E302D433256300D0A6C")


@dataclass(frozen=True)
class Make:
    """How a card was made.

    `identity`: a name of NAMES, or "old" for a card of 2008, which has no other application.
    `forged`: "surname" was changed after the signing | "signature" is damaged | "signer" is of
    another ministry | "holder" signed with a citizen's certificate | "unsigned".
    `files`: raw contents in hex that stand in place of the right ones, "" where a file is missing.
    `applet`: the application that signs: "piv", "cardedge" or "" for none.
    `vendor`: the PIV application has its vendor's commands.
    """

    identity: str = "citizen"
    forged: str = ""
    files: dict[str, str] = field(default_factory=dict)
    applet: str = "piv"
    vendor: bool = True

    @property
    def atr(self) -> bytes:
        if self.identity == OLD:
            return _OLD_ATR
        if self.applet == CARDEDGE:
            return _ATR_OF_2014
        return _ATR_OF_2023 if self.identity == "citizen" else _ATR_OF_2024

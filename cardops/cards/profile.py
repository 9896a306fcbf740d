"""What every card is to us, whatever stands behind it: its abilities, its PIN, verbs by role."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Protocol

from cardops.cards.key_types import Hash, KeyType, PublicKey
from cardops.channel import Channel
from cardops.pin.pinpad import PinPad
from cardops.pin.rules import PinRules


class Role(StrEnum):
    """What a certificate and its key are for; a card has one place for each."""

    SIGNING = "signing"
    AUTHENTICATION = "authentication"


class Ability(StrEnum):
    """What not every card lets us do; the rest all of them can."""

    GENERATE = "generate"
    WRITE = "write-certificate"
    CHANGE_PIN = "change-pin"
    UNBLOCK = "unblock"
    PIN_PAD = "pin-pad"  # PINs typed on the keys of the reader: the three verbs with `_on`


@dataclass(frozen=True)
class PinStatus:
    """How many wrong PINs the card still takes; the count is full once a PIN was right."""

    tries_left: int
    full: int = 3

    @property
    def blocked(self) -> bool:
        return self.tries_left == 0


@dataclass(frozen=True)
class PukStatus:
    """What a card tells of its PUK; None where it does not tell."""

    tries_left: int | None = None
    factory: bool | None = None  # the maker's, which everybody knows


class CardProfile(Protocol):
    """A card's signing application, selected; every verb may raise CardopsError.

    What `abilities` lacks raises NotAvailableError.
    """

    name: ClassVar[str]
    pin_rules: ClassVar[PinRules]
    pin_administers: ClassVar[bool]  # keys and certificates are written under the citizen's PIN

    @property
    def abilities(self) -> frozenset[Ability]:
        """What this card can do; of some profiles each card has its own."""

    @classmethod
    def probe(cls, channel: Channel) -> "CardProfile | None":
        """Select the application; None where the card has none of this kind."""

    # PIN

    def pin_status(self) -> PinStatus:
        """Ask the card; it costs no try."""

    def verify(self, pin: bytearray) -> None:
        """Present the PIN; InvalidPinError or PinBlockedError when it is refused."""

    def change_pin(self, old: bytearray, new: bytearray) -> None: ...

    def unblock(self, puk: bytes, new: bytearray) -> None:
        """Give a blocked card a PIN and all its tries; InvalidPukError when the PUK is refused."""

    def verify_on(self, pad: PinPad) -> None:
        """Let the PIN be typed on the reader's keys; the pad's own errors, else as `verify`."""

    def change_pin_on(self, pad: PinPad, old: bytes | None = None) -> None:
        """Let the new PIN be typed, twice, and the old one before it where None is given."""

    def unblock_on(self, pad: PinPad, puk: bytes) -> None:
        """As `unblock`, the new PIN typed twice."""

    def puk_status(self) -> PukStatus:
        """Ask the card; it costs no try."""

    def replace_factory_puk(self, puk: bytes) -> None:
        """Put `puk` in the maker's place; InvalidPukError or PukBlockedError when it is not."""

    def wants_pin_each_time(self, role: Role) -> bool:
        """Tell whether the role's key signs once only after each PIN."""

    def transport_pin(self) -> bytes | None:
        """Return the PIN that a blank card came with; None once somebody has personalised it."""

    # keys and certificates

    def administer(self, key: bytes) -> None:
        """Gain the right to make keys and write, for as long as the application is selected."""

    def mark_personalised(self) -> None:
        """Give a blank card its own identifier: from then on it is somebody's."""

    def generate(self, role: Role, key_type: KeyType) -> PublicKey:
        """Make the role's key pair; the old one is gone. Needs `administer`."""

    def sign(self, role: Role, key_type: KeyType, digest: bytes, algorithm: Hash) -> bytes:
        """Return the signature: DER (r, s) of ECDSA, PKCS#1 v1.5 as long as the modulus of RSA."""

    def write_certificate(self, role: Role, der: bytes) -> None:
        """Store the certificate; NoSpaceError where it does not fit. Needs `administer`."""

    def read_certificate(self, role: Role) -> bytes | None:
        """Return the DER of the role's certificate, None where there is none."""

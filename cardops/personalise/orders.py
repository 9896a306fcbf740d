"""What the server orders of the card, taken out of a message's body and checked."""

import base64
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from cryptography import x509

from cardops import errors
from cardops.cards import key_types
from cardops.cards.key_types import KeyType
from cardops.cards.profile import Ability, CardProfile, Role

_BAD = (KeyError, TypeError, ValueError)


@dataclass(frozen=True)
class Order:
    """Which card, which of its keys, and the key that administers it."""

    needs: ClassVar[tuple[Ability, ...]] = (Ability.GENERATE, Ability.WRITE)  # before all else
    of_blocked_pin: ClassVar[bool] = False
    signatures: ClassVar[int]  # of the key, from this order to the certificate's proof

    issuance: str
    role: Role
    key_type: KeyType
    expected: dict[str, str]  # fields of the identity card that must agree
    management_key: bytes
    language: str

    def pins(self, card: CardProfile, *, verified: bool) -> int:
        """Return how often the PIN is needed for what this order begins."""
        return self.signatures if card.wants_pin_each_time(self.role) else int(not verified)

    @classmethod
    def fields_of(cls, issuance: str, body: dict[str, Any]) -> dict[str, Any]:
        return {
            "issuance": issuance,
            "role": Role(body["role"]),
            "key_type": key_types.NAMES[body["key_type"]],
            "expected": dict(body["expected"]),
            "management_key": binary(body["management_key"]),
            "language": str(body["language"]),
        }


@dataclass(frozen=True)
class RequestOrder(Order):
    """Make a key and let it sign a request for `subject`.

    `email` goes into the request as subjectAltName; empty for none.
    """

    signatures = 2
    subject: x509.Name
    ca_healthy_at: float  # epoch seconds
    puk: bytes = b""  # takes the place of a blank card's; none: that one stays
    email: str = ""

    @classmethod
    def read(cls, issuance: str, body: dict[str, Any]) -> Self:
        """Raise MessageError when the body is not such an order."""
        try:
            return cls(
                **cls.fields_of(issuance, body),
                subject=x509.Name([_rdn(part) for part in body["subject"]]),
                ca_healthy_at=float(body["ca_healthy_at"]),
                puk=binary(body.get("puk", "")),
                email=str(body.get("email", "")),
            )
        except _BAD as fault:
            raise errors.MessageError("order") from fault


@dataclass(frozen=True)
class WriteOrder(Order):
    """Write `certificate` (DER) for `public_key` (SPKI DER) and sign `challenge`."""

    signatures = 1
    certificate: bytes
    public_key: bytes
    challenge: bytes

    @classmethod
    def read(cls, issuance: str, body: dict[str, Any]) -> Self:
        """Raise MessageError when the body is not such an order."""
        try:
            return cls(
                **cls.fields_of(issuance, body),
                certificate=binary(body["certificate"]),
                public_key=binary(body["public_key"]),
                challenge=binary(body["challenge"]),
            )
        except _BAD as fault:
            raise errors.MessageError("order") from fault


@dataclass(frozen=True)
class UnblockOrder:
    """Give the card a PIN with the PUK that is its own; `keep`: the one that it had."""

    needs: ClassVar[tuple[Ability, ...]] = (Ability.UNBLOCK,)
    of_blocked_pin: ClassVar[bool] = True

    unblocking: str
    keep: bool
    expected: dict[str, str]  # fields of the identity card that must agree
    puk: bytes = field(repr=False)
    last_try_agreed: bool  # a person lets the PUK's last try be used
    language: str

    def pins(self, _card: CardProfile, *, verified: bool) -> int:  # noqa: ARG002 as of an Order
        """Return how often a PIN is needed: the new one, once."""
        return 1

    @classmethod
    def read(cls, unblocking: str, body: dict[str, Any]) -> Self:
        """Raise MessageError when the body is not such an order."""
        try:
            return cls(
                unblocking=unblocking,
                keep={"keep": True, "change": False}[body["choice"]],
                expected=dict(body["expected"]),
                puk=binary(body["puk"]),
                last_try_agreed=body["last_try_agreed"] is True,
                language=str(body["language"]),
            )
        except _BAD as fault:
            raise errors.MessageError("order") from fault


def _rdn(part: list[str]) -> x509.RelativeDistinguishedName:
    """Read [oid, value], followed by the further pairs that share the RDN."""
    pairs = zip(part[::2], part[1::2], strict=True)
    return x509.RelativeDistinguishedName(
        [x509.NameAttribute(x509.ObjectIdentifier(oid), value) for oid, value in pairs]
    )


def binary(text: str) -> bytes:
    return base64.b64decode(text, validate=True)

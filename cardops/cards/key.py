"""A private key that stays in the chip, in the shapes that `cryptography`'s builders take."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from cardops import errors
from cardops.cards import key_types
from cardops.cards.key_types import Hash, KeyType, PublicKey
from cardops.cards.profile import CardProfile, Role


@dataclass(frozen=True)
class Chip:
    """A role's key on a card; `before_sign` presents the PIN where the card wants it."""

    card: CardProfile
    role: Role
    key_type: KeyType
    before_sign: Callable[[], None]

    @property
    def hash_algorithm(self) -> hashes.SHA256 | hashes.SHA384:
        """Return the hash that belongs to the key's type."""
        return key_types.hash_of(self.key_type)

    def sign(self, message: bytes, algorithm: Hash) -> bytes:
        hasher = hashes.Hash(algorithm)
        hasher.update(message)
        self.before_sign()
        return self.card.sign(self.role, self.key_type, hasher.finalize(), algorithm)


class _InChip:
    """What no key in a chip does."""

    def private_numbers(self) -> NoReturn:
        raise NotImplementedError("the key never leaves the chip")

    def private_bytes(self, *_args: Any, **_options: Any) -> NoReturn:
        raise NotImplementedError("the key never leaves the chip")

    def exchange(self, *_args: Any) -> NoReturn:
        raise NotImplementedError("the key signs only")

    def decrypt(self, *_args: Any) -> NoReturn:
        raise NotImplementedError("the key signs only")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        return self


class EllipticCurveKey(_InChip, ec.EllipticCurvePrivateKey):
    def __init__(self, chip: Chip, public_key: ec.EllipticCurvePublicKey) -> None:
        self.chip, self._public_key = chip, public_key

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        return self.chip.sign(bytes(data), _known(signature_algorithm.algorithm))

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._public_key

    @property
    def curve(self) -> ec.EllipticCurve:
        return self._public_key.curve

    @property
    def key_size(self) -> int:
        return self._public_key.key_size


class RsaKey(_InChip, rsa.RSAPrivateKey):
    """Signs by PKCS#1 v1.5; the padding is ours, the chip exponentiates."""

    def __init__(self, chip: Chip, public_key: rsa.RSAPublicKey) -> None:
        self.chip, self._public_key = chip, public_key

    def sign(self, data: Any, padding: Any, algorithm: Any) -> bytes:
        _require_pkcs1(padding)
        return self.chip.sign(bytes(data), _known(algorithm))

    def public_key(self) -> rsa.RSAPublicKey:
        return self._public_key

    @property
    def key_size(self) -> int:
        return self._public_key.key_size


Key = EllipticCurveKey | RsaKey


def on(chip: Chip, public_key: PublicKey) -> Key:
    """Return the chip's key in the shape of its kind."""
    if isinstance(public_key, rsa.RSAPublicKey):
        return RsaKey(chip, public_key)
    return EllipticCurveKey(chip, public_key)


def sign(key: Key, message: bytes) -> bytes:
    """Return a signature that verifies; KeyMismatchError when the chip holds another key."""
    algorithm = key.chip.hash_algorithm
    signature = key.chip.sign(message, algorithm)
    try:
        key_types.verify(key.public_key(), signature, message, algorithm)
    except InvalidSignature as fault:
        raise errors.KeyMismatchError from fault
    return signature


def _known(algorithm: object) -> Hash:
    if isinstance(algorithm, hashes.SHA256 | hashes.SHA384 | hashes.SHA512):
        return algorithm
    raise NotImplementedError("the chip's key signs a message, by a hash of the family SHA-2")


def _require_pkcs1(scheme: object) -> None:
    if not isinstance(scheme, padding.PKCS1v15):
        raise NotImplementedError("the chip's key pads by PKCS#1 v1.5 only")

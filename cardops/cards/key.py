"""A private key that stays in the chip, in the shape that `cryptography`'s builders take."""

from collections.abc import Callable
from typing import Any, NoReturn

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from cardops.cards.piv import KeyType, PivCard, Slot

_HASHES: dict[KeyType, hashes.SHA256 | hashes.SHA384] = {
    KeyType.P256: hashes.SHA256(),
    KeyType.P384: hashes.SHA384(),
}


class PivPrivateKey(ec.EllipticCurvePrivateKey):
    """Signs with `slot` of `card`; `before_sign` presents the PIN, which 9C wants each time."""

    def __init__(
        self,
        card: PivCard,
        slot: Slot,
        key_type: KeyType,
        public_key: ec.EllipticCurvePublicKey,
        before_sign: Callable[[], None],
    ) -> None:
        self._card, self._slot, self._key_type = card, slot, key_type
        self._public_key, self._before_sign = public_key, before_sign

    @property
    def hash_algorithm(self) -> hashes.SHA256 | hashes.SHA384:
        """Return the hash that belongs to the key's size."""
        return _HASHES[self._key_type]

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        algorithm = signature_algorithm.algorithm
        if isinstance(algorithm, utils.Prehashed):
            digest = bytes(data)
        else:
            hasher = hashes.Hash(algorithm)
            hasher.update(bytes(data))
            digest = hasher.finalize()
        self._before_sign()
        return self._card.sign(self._slot, self._key_type, digest)

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._public_key

    @property
    def curve(self) -> ec.EllipticCurve:
        return self._public_key.curve

    @property
    def key_size(self) -> int:
        return self._public_key.key_size

    def exchange(self, *_args: Any) -> NoReturn:
        raise NotImplementedError("the key signs only")

    def private_numbers(self) -> NoReturn:
        raise NotImplementedError("the key never leaves the chip")

    def private_bytes(self, *_args: Any, **_options: Any) -> NoReturn:
        raise NotImplementedError("the key never leaves the chip")

    def __copy__(self) -> "PivPrivateKey":
        return self

    def __deepcopy__(self, _memo: dict[int, Any]) -> "PivPrivateKey":
        return self

"""A key inside of a PKCS#11 token in the shape of pyca's, so that its builders sign with it."""

from dataclasses import dataclass
from typing import Any, Never, Self, cast

import pkcs11
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pkcs11 import Mechanism, ObjectClass
from pkcs11.util.ec import encode_ecdsa_signature

from cardops.cards import key_types
from cardops.cards.pkcs11 import pairs
from cardops.errors import CardopsError
from registration.ca.keys import PublicKey
from registration.tokens import Token, TokenError, opened

LABEL = "overa issuing"
_RSA = {"sha256": Mechanism.SHA256_RSA_PKCS, "sha384": Mechanism.SHA384_RSA_PKCS}


@dataclass(frozen=True)
class Place:
    """Where a key lies: `identifier` is its CKA_ID."""

    token: Token
    identifier: bytes

    def make(self, kind: str) -> PublicKey:
        """Make a pair for signing that cannot leave the token; return its public half.

        Raises TokenError, also for a token that would give the key away.
        """
        try:
            with opened(self.token, writing=True) as session:
                public, private = pairs.generate(
                    session,
                    key_types.NAMES[kind],
                    identifier=self.identifier,
                    label=LABEL,
                    pin_each_signature=False,
                )
                pairs.require_protected(private)
                return pairs.read(public)
        except (pkcs11.PKCS11Error, CardopsError) as fault:
            self.destroy()
            raise TokenError("token-makes-no-such-key") from fault

    def destroy(self) -> None:
        """Destroy what was made for nothing."""
        with opened(self.token, writing=True) as session:
            for each in session.get_objects({pkcs11.Attribute.ID: self.identifier}):
                each.destroy()

    def sign(self, data: bytes, mechanism: Mechanism) -> bytes:
        try:
            with opened(self.token) as session:
                key: Any = session.get_key(ObjectClass.PRIVATE_KEY, id=self.identifier)
                return bytes(key.sign(data, mechanism=mechanism))
        except pkcs11.NoSuchKey as fault:
            raise TokenError("no-such-key") from fault
        except pkcs11.PKCS11Error as fault:
            raise TokenError("token-not-usable") from fault


class Inside:
    """What keys inside of a token have in common: they sign, and nothing else."""

    def __init__(self, place: Place, public: PublicKey) -> None:
        self._place, self._public = place, public

    def public_key(self) -> Any:
        return self._public

    @property
    def key_size(self) -> int:
        return self._public.key_size

    def private_numbers(self) -> Never:
        raise TypeError("the key stays inside of its token")

    def private_bytes(self, *_how: Any) -> Never:
        raise TypeError("the key stays inside of its token")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _memo: object) -> Self:
        return self


class CurveInside(Inside, ec.EllipticCurvePrivateKey):
    """A key on a curve; the token signs what we hashed, for not every token hashes by itself."""

    @property
    def curve(self) -> ec.EllipticCurve:
        return cast("ec.EllipticCurvePublicKey", self._public).curve

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        digest = hashes.Hash(cast("hashes.HashAlgorithm", signature_algorithm.algorithm))
        digest.update(data)
        return bytes(encode_ecdsa_signature(self._place.sign(digest.finalize(), Mechanism.ECDSA)))

    def exchange(self, *_how: Any) -> Never:
        raise TypeError("the key signs only")


class RsaInside(Inside, rsa.RSAPrivateKey):
    """An RSA key; it signs as PKCS#1 v1.5."""

    def sign(self, data: Any, _padding: Any, algorithm: Any) -> bytes:
        return self._place.sign(bytes(data), _RSA[algorithm.name])

    def decrypt(self, *_how: Any) -> Never:
        raise TypeError("the key signs only")


def key(place: Place, public: PublicKey) -> CurveInside | RsaInside:
    """Return the key of that public half; the token is asked when it signs."""
    made = RsaInside if isinstance(public, rsa.RSAPublicKey) else CurveInside
    return made(place, public)

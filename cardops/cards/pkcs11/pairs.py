"""Pairs of keys on a token: made so that they never leave it, their public half read."""

from typing import Any

import pkcs11
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pkcs11 import Attribute, MechanismFlag
from pkcs11.util.ec import encode_named_curve_parameters

from cardops import errors, tlv
from cardops.cards import key_types
from cardops.cards.key_types import KeyType, PublicKey

Pair = tuple[pkcs11.PublicKey, pkcs11.PrivateKey]

_RSA_BITS = {KeyType.RSA2048: 2048, KeyType.RSA3072: 3072}
_CURVES: dict[KeyType, ec.EllipticCurve] = {
    KeyType.P256: ec.SECP256R1(),
    KeyType.P384: ec.SECP384R1(),
}
_PROTECTED = {Attribute.PRIVATE: True, Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}
_PROOF = (Attribute.ALWAYS_SENSITIVE, Attribute.NEVER_EXTRACTABLE, Attribute.LOCAL)
_OCTETS = 0x04


def generate(
    session: pkcs11.Session,
    key_type: KeyType,
    *,
    identifier: bytes,
    label: str,
    pin_each_signature: bool,
) -> Pair:
    """Make a pair for signing only; whoever asks sees the public key without the PIN."""
    each_time = {Attribute.ALWAYS_AUTHENTICATE: True} if pin_each_signature else {}
    how: dict[str, Any] = {
        "id": identifier,
        "label": label,
        "store": True,
        "capabilities": MechanismFlag.SIGN | MechanismFlag.VERIFY,
        "private_template": _PROTECTED | each_time,
        "public_template": {Attribute.PRIVATE: False},
    }
    if key_type in _RSA_BITS:
        return session.generate_keypair(pkcs11.KeyType.RSA, _RSA_BITS[key_type], **how)
    named = {Attribute.EC_PARAMS: _named(_CURVES[key_type])}
    curve = session.create_domain_parameters(pkcs11.KeyType.EC, named, local=True)
    return curve.generate_keypair(**how)


def require_protected(key: pkcs11.PrivateKey) -> None:
    """Raise KeyExposedError unless the key was made on the token and never could leave it."""
    if not all(key[attribute] for attribute in _PROOF):
        raise errors.KeyExposedError


def read(public: pkcs11.PublicKey) -> PublicKey:
    """Return the public key; CardAnswerError for what is none that we know."""
    try:
        if public[Attribute.KEY_TYPE] == pkcs11.KeyType.RSA:
            exponent, modulus = public[Attribute.PUBLIC_EXPONENT], public[Attribute.MODULUS]
            numbers = (int.from_bytes(exponent, "big"), int.from_bytes(modulus, "big"))
            return rsa.RSAPublicNumbers(*numbers).public_key()
        return _point(public[Attribute.EC_PARAMS], public[Attribute.EC_POINT])
    except ValueError as fault:
        raise errors.CardAnswerError from fault


def read_as(key_type: KeyType, public: pkcs11.PublicKey) -> PublicKey:
    """Return the public key; KeyMismatchError unless it is of this type."""
    return key_types.require(read(public), key_type)


def _point(parameters: bytes, point: bytes) -> PublicKey:
    """Read CKA_EC_POINT: an OCTET STRING of the point, or from older modules the point itself."""
    curve = next((each for each in _CURVES.values() if _named(each) == parameters), None)
    if curve is None:
        raise ValueError("another curve")
    bare = len(point) == 2 * (curve.key_size // 8) + 1
    uncompressed = point if bare else tlv.find(point, _OCTETS)
    return ec.EllipticCurvePublicKey.from_encoded_point(curve, uncompressed)


def _named(curve: ec.EllipticCurve) -> bytes:
    return encode_named_curve_parameters(curve.name)

"""The kinds of key that we let a card make: what the chip answers, and what it is given to sign."""

from enum import IntEnum

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from cardops import errors, tlv

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
Hash = hashes.SHA256 | hashes.SHA384 | hashes.SHA512


class KeyType(IntEnum):
    """Algorithm identifiers of SP 800-78-4, table 6-2; RSA-3072 came with SP 800-78-5."""

    RSA3072 = 0x05
    RSA2048 = 0x07
    P256 = 0x11
    P384 = 0x14


NAMES = {
    "RSA-2048": KeyType.RSA2048,
    "RSA-3072": KeyType.RSA3072,
    "P-256": KeyType.P256,
    "P-384": KeyType.P384,
}
_CURVES: dict[KeyType, ec.EllipticCurve] = {
    KeyType.P256: ec.SECP256R1(),
    KeyType.P384: ec.SECP384R1(),
}
_RSA_BITS = {KeyType.RSA2048: 2048, KeyType.RSA3072: 3072}
_HASHES = {
    "sha256": bytes.fromhex("608648016503040201"),
    "sha384": bytes.fromhex("608648016503040202"),
    "sha512": bytes.fromhex("608648016503040203"),
}  # object identifiers, encoded
_POINT, _MODULUS, _EXPONENT = 0x86, 0x81, 0x82
_SEQUENCE, _OBJECT_IDENTIFIER, _NULL, _OCTETS = 0x30, 0x06, 0x05, 0x04


def read(key_type: KeyType, fields: bytes) -> PublicKey:
    """Read what stands inside of 7F49; ValueError unless it is a key of this type."""
    if key_type in _CURVES:
        point = tlv.find(fields, _POINT)
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[key_type], point)
    modulus = int.from_bytes(tlv.find(fields, _MODULUS), "big")
    exponent = int.from_bytes(tlv.find(fields, _EXPONENT), "big")
    if modulus.bit_length() != _RSA_BITS[key_type]:
        raise ValueError("the modulus has another length")
    return rsa.RSAPublicNumbers(exponent, modulus).public_key()


def of(key: PublicKey) -> KeyType | None:
    """Tell the type of a public key, None for one that no card makes for us."""
    if isinstance(key, rsa.RSAPublicKey):
        return next((each for each, bits in _RSA_BITS.items() if bits == key.key_size), None)
    found = (each for each, curve in _CURVES.items() if curve.name == key.curve.name)
    return next(found, None)


def require(key: object, key_type: KeyType) -> PublicKey:
    """Raise KeyMismatchError unless the public key is of this type."""
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) or of(key) != key_type:
        raise errors.KeyMismatchError
    return key


def hash_of(key_type: KeyType) -> hashes.SHA256 | hashes.SHA384:
    """Return the hash that belongs to the type: as strong as the key, never weaker."""
    return hashes.SHA384() if key_type == KeyType.P384 else hashes.SHA256()


def block(key_type: KeyType, digest: bytes, algorithm: Hash) -> bytes:
    """Return what the chip is given: the digest for ECDSA, a padded block for RSA."""
    if key_type in _CURVES:
        return digest
    return _padded(digest_info(digest, algorithm), _RSA_BITS[key_type] // 8)


def digest_info(digest: bytes, algorithm: Hash) -> bytes:
    """Return the DigestInfo (RFC 8017, 9.2), for a card that pads by itself."""
    identifier = tlv.pack(_OBJECT_IDENTIFIER, _HASHES[algorithm.name]) + tlv.pack(_NULL, b"")
    return tlv.pack(_SEQUENCE, tlv.pack(_SEQUENCE, identifier) + tlv.pack(_OCTETS, digest))


def _padded(content: bytes, size: int) -> bytes:
    """Pad for a signature (EMSA-PKCS1-v1_5, RFC 8017, 9.2)."""
    return b"\x00\x01" + b"\xff" * (size - len(content) - 3) + b"\x00" + content


def verify(key: PublicKey, signature: bytes, message: bytes, algorithm: Hash) -> None:
    """Raise InvalidSignature unless the key's holder signed the message."""
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, message, padding.PKCS1v15(), algorithm)
    else:
        key.verify(signature, message, ec.ECDSA(algorithm))

"""Private keys as the virtual chip holds and uses them (SP 800-73-4 part 2, 3.2.4)."""

import secrets

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa, utils

from cardops import tlv
from cardops.virtual import apdu
from cardops.virtual.apdu import StatusError

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

_RSA_SIZES = {0x05: 3072, 0x07: 2048}
_CURVES: dict[int, ec.EllipticCurve] = {0x11: ec.SECP256R1(), 0x14: ec.SECP384R1()}
_HASHES: dict[int, hashes.HashAlgorithm] = {32: hashes.SHA256(), 48: hashes.SHA384()}
_MODULUS, _EXPONENT, _POINT = 0x81, 0x82, 0x86
_EXPONENT_OF_ALL = 65537


def generate(algorithm: int) -> PrivateKey:
    """Make a key for an algorithm identifier; StatusError for one that the chip lacks."""
    if algorithm in _RSA_SIZES:
        return rsa.generate_private_key(_EXPONENT_OF_ALL, _RSA_SIZES[algorithm])
    if algorithm in _CURVES:
        return ec.generate_private_key(_CURVES[algorithm])
    raise StatusError(apdu.WRONG_DATA)


def algorithm_of(key: PrivateKey) -> int:
    if isinstance(key, rsa.RSAPrivateKey):
        return next(code for code, size in _RSA_SIZES.items() if size == key.key_size)
    return next(code for code, curve in _CURVES.items() if curve.name == key.curve.name)


def public(key: PrivateKey) -> bytes:
    """Return the public key's fields, as they stand inside of 7F49."""
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.public_key().public_numbers()
        modulus = numbers.n.to_bytes(_size(key), "big")
        return tlv.pack(_MODULUS, modulus) + tlv.pack(_EXPONENT, numbers.e.to_bytes(3, "big"))
    return tlv.pack(_POINT, _point(key.public_key()))


def sign(key: PrivateKey, block: bytes) -> bytes:
    """Use the key on a padded block of its own size, or for ECDSA on a hash that is not longer."""
    if isinstance(key, rsa.RSAPrivateKey):
        return _raw(key, block)
    if len(block) not in _HASHES or len(block) > _size(key):
        raise StatusError(apdu.WRONG_DATA)
    return key.sign(block, ec.ECDSA(utils.Prehashed(_HASHES[len(block)])))


def agree(key: PrivateKey, point: bytes) -> bytes:
    """Return the x coordinate that the chip shares with the holder of `point` (ECDH)."""
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise StatusError(apdu.WRONG_DATA)
    other = ec.EllipticCurvePublicKey.from_encoded_point(key.curve, point)
    return key.exchange(ec.ECDH(), other)


def _size(key: PrivateKey) -> int:
    return (key.key_size + 7) // 8


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    numbers, size = key.public_numbers(), (key.key_size + 7) // 8
    return b"\x04" + numbers.x.to_bytes(size, "big") + numbers.y.to_bytes(size, "big")


def _raw(key: rsa.RSAPrivateKey, block: bytes) -> bytes:
    """RSA without any padding, which only a chip offers; blinded, as chips do it."""
    if len(block) != _size(key):
        raise StatusError(apdu.WRONG_DATA)
    numbers = key.private_numbers()
    modulus, exponent = numbers.public_numbers.n, numbers.public_numbers.e
    blind = secrets.randbelow(modulus - 2) + 2
    blinded = int.from_bytes(block, "big") * pow(blind, exponent, modulus) % modulus
    result = pow(blinded, numbers.d, modulus) * pow(blind, -1, modulus) % modulus
    return result.to_bytes(_size(key), "big")

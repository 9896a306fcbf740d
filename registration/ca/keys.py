"""Keys: which kinds there are, which a profile takes, the one way to sign and to verify."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from registration.ca.errors import ProofError
from registration.ca.profiles import Profile

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

CARD_KINDS = ("RSA-2048", "RSA-3072", "P-256", "P-384")
BODY_KINDS = ("P-256", "P-384", "RSA-3072")
_CURVES: dict[str, ec.EllipticCurve] = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1()}
_EXPONENT = 65537


def generate(kind: str) -> PrivateKey:
    if kind in _CURVES:
        return ec.generate_private_key(_CURVES[kind])
    return rsa.generate_private_key(_EXPONENT, int(kind.removeprefix("RSA-")))


def kind_of(key: PublicKey) -> str:
    """Name the kind as the settings do; a kind that nobody orders has a name too."""
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA-{key.key_size}"
    name = key.curve.name
    return next((kind for kind, curve in _CURVES.items() if curve.name == name), name)


def hash_of(key: PublicKey) -> hashes.SHA256 | hashes.SHA384:
    """Return the hash that goes with a key: the card and the body use the same."""
    return hashes.SHA384() if kind_of(key) == "P-384" else hashes.SHA256()


def sign(key: PrivateKey, message: bytes) -> bytes:
    algorithm = hash_of(key.public_key())
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(message, ec.ECDSA(algorithm))
    return key.sign(message, padding.PKCS1v15(), algorithm)


def fits(key: CertificatePublicKeyTypes, profile: Profile) -> bool:
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.curve.name in profile.curves
    return isinstance(key, rsa.RSAPublicKey) and (
        key.key_size >= profile.rsa_bits and key.public_numbers().e >= _EXPONENT
    )


def require(key: object) -> PublicKey:
    """Raise ProofError for a kind of key that no profile knows."""
    if isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        return key
    raise ProofError("key-kind-not-known")


def decode(der: bytes) -> PublicKey:
    return require(serialization.load_der_public_key(der))


def encode(key: CertificatePublicKeyTypes) -> bytes:
    """SubjectPublicKeyInfo, DER."""
    return key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def verify(
    key: CertificatePublicKeyTypes,
    signature: bytes,
    message: bytes,
    algorithm: hashes.HashAlgorithm | Prehashed,
) -> None:
    """Raise ProofError on a wrong signature; ECDSA ones are DER, RSA ones PKCS#1 v1.5.

    With `Prehashed` the message is the digest of what was signed.
    """
    known = require(key)
    try:
        if isinstance(known, ec.EllipticCurvePublicKey):
            known.verify(signature, message, ec.ECDSA(algorithm))
        else:
            known.verify(signature, message, padding.PKCS1v15(), algorithm)
    except InvalidSignature as error:
        raise ProofError("signature-does-not-verify") from error

"""Public keys: which kinds a profile takes, and the one way to verify with them."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

from registration.ca.errors import ProofError
from registration.ca.profiles import Profile

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


def fits(key: CertificatePublicKeyTypes, profile: Profile) -> bool:
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.curve.name in profile.curves
    return isinstance(key, rsa.RSAPublicKey) and key.key_size >= profile.rsa_bits


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
    algorithm: hashes.HashAlgorithm,
) -> None:
    """Raise ProofError on a wrong signature; ECDSA ones are DER, RSA ones PKCS#1 v1.5."""
    known = require(key)
    try:
        if isinstance(known, ec.EllipticCurvePublicKey):
            known.verify(signature, message, ec.ECDSA(algorithm))
        else:
            known.verify(signature, message, padding.PKCS1v15(), algorithm)
    except InvalidSignature as error:
        raise ProofError("signature-does-not-verify") from error

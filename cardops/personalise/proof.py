"""What the chip signs to prove that it holds a key."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from cardops import errors
from cardops.cards.key import PivPrivateKey

_PAIRING = b"overa pairing proof"
_PRESENCE = b"overa key presence"


def require_key(key: PivPrivateKey, nonce: bytes) -> None:
    """Raise KeyMismatchError unless the card in the reader holds this very key."""
    _sign(key, b"\x00".join((_PRESENCE, nonce)))


def pairing(key: PivPrivateKey, issuance: str, challenge: bytes) -> bytes:
    """Return the DER signature over the server's challenge, bound to the issuance."""
    return _sign(key, b"\x00".join((_PAIRING, issuance.encode("ascii"), challenge)))


def _sign(key: PivPrivateKey, message: bytes) -> bytes:
    algorithm = ec.ECDSA(hashes.SHA256())
    signature = key.sign(message, algorithm)
    try:
        key.public_key().verify(signature, message, algorithm)
    except InvalidSignature as fault:
        raise errors.KeyMismatchError from fault
    return signature

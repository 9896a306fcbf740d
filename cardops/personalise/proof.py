"""What the chip signs to prove that it holds a key."""

from cardops.cards import key as keys

_PAIRING = b"overa pairing proof"
_PRESENCE = b"overa key presence"


def require_key(key: keys.Key, nonce: bytes) -> None:
    """Raise KeyMismatchError unless the card in the reader holds this very key."""
    keys.sign(key, b"\x00".join((_PRESENCE, nonce)))


def pairing(key: keys.Key, issuance: str, challenge: bytes) -> bytes:
    """Return the signature over the server's challenge, bound to the issuance."""
    return keys.sign(key, b"\x00".join((_PAIRING, issuance.encode("ascii"), challenge)))

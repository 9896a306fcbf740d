"""What the chip signs to prove that it holds a key."""

from cardops.cards import key as keys

_PAIRING = b"overa pairing proof"


def pairing(key: keys.Key, issuance: str, challenge: bytes) -> bytes:
    """Return the signature over the server's challenge, bound to the issuance."""
    return keys.sign(key, b"\x00".join((_PAIRING, issuance.encode("ascii"), challenge)))

"""How a stored file is sealed: a key of its own, pieces that each stand for themselves.

    0x02 | id of the file's key, 8 bytes | piece 0 | piece 1 | … | last piece

A piece is AES-256-GCM under the file's key. Its nonce is its place and whether it is the last one,
so that none can be left out, exchanged or cut off (the STREAM construction of Hoang, Reyhanitabar,
Rogaway and Vizár, 2015); no key ever seals two files. The key itself lies beside the file, sealed
by the data key for this address and id alone.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from archive import vault

WHOLE = vault.FORMAT  # of the earlier format: the whole file sealed by the data key
PIECES = b"\x02"
PIECE = 256 * 1024  # bytes in clear
_TAG = 16
_ID = 8
HEAD = 1 + _ID
SEALED_PIECE = PIECE + _TAG


class BrokenError(Exception):
    """A sealed file is not what was sealed."""


@dataclass(frozen=True)
class FileKey:
    """The key of one file."""

    id: bytes
    key: bytes

    @classmethod
    def new(cls) -> "FileKey":
        return cls(os.urandom(_ID), os.urandom(32))

    @classmethod
    def unwrapped(cls, key_id: bytes, wrapped: bytes, sha256: str) -> "FileKey":
        """Open what `wrapped` sealed. Raises vault.VaultError."""
        return cls(key_id, vault.open_(wrapped, _about(sha256, key_id)))

    def wrapped(self, sha256: str) -> bytes:
        return vault.seal(self.key, _about(sha256, self.id))


def seal(key: FileKey, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the sealed file."""
    yield PIECES + key.id
    cipher, number = AESGCM(key.key), 0
    held: bytes | None = None
    for piece in _cut(pieces):
        if held is not None:
            yield cipher.encrypt(_nonce(number, last=False), held, None)
            number += 1
        held = piece
    yield cipher.encrypt(_nonce(number, last=True), held or b"", None)


@dataclass(frozen=True)
class Layout:
    """How a sealed file of `sealed` bytes is cut."""

    sealed: int

    @property
    def pieces(self) -> int:
        return -(-(self.sealed - HEAD) // SEALED_PIECE)

    @property
    def size(self) -> int:
        """Return the size in clear; what cannot be the size of a sealed file is negative."""
        return self.sealed - HEAD - _TAG * max(self.pieces, 1)

    def opened(self, key: FileKey, number: int, sealed: bytes) -> bytes:
        """Open the piece of a place. Raises BrokenError."""
        nonce = _nonce(number, last=number == self.pieces - 1)
        try:
            return AESGCM(key.key).decrypt(nonce, sealed, None)
        except (InvalidTag, ValueError) as error:
            raise BrokenError from error


def _cut(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield pieces of one size, the last one smaller."""
    held = bytearray()
    for piece in pieces:
        held += piece
        whole = len(held) - len(held) % PIECE
        for at in range(0, whole, PIECE):
            yield bytes(held[at : at + PIECE])
        del held[:whole]
    if held:
        yield bytes(held)


def _nonce(number: int, *, last: bool) -> bytes:
    return bytes(7) + number.to_bytes(4, "big") + bytes([last])


def _about(sha256: str, key_id: bytes) -> str:
    return f"file:{sha256}:{key_id.hex()}"

"""The server's secrets towards desks and cards: files that are made at first use."""

import json
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from archive import keyfile
from cardops.messages import Keys

_MANAGEMENT_KEY = 24  # bytes: AES-192, what a card's factory key has too
_MANAGEMENT, _PUK = b"overa card management 1\x00", b"overa card puk 1\x00"
_PUK_DIGITS = 8


def server_keys() -> Keys:
    """Return the keys with which the server signs to desks and opens what they say."""
    content = keyfile.read(_folder() / "server-desk.json", _new_keys)
    return Keys.from_json(json.loads(content))


def management_key(chip_serial: str) -> bytes:
    """Return the management key of one card, diversified from the master (RFC 5869)."""
    return _diversified(_MANAGEMENT, chip_serial, _MANAGEMENT_KEY)


def puk(chip_serial: str) -> bytes:
    """Return the PUK of one card: eight digits, diversified like its management key."""
    number = int.from_bytes(_diversified(_PUK, chip_serial, 16))
    return f"{number % 10**_PUK_DIGITS:0{_PUK_DIGITS}}".encode("ascii")


def _diversified(purpose: bytes, chip_serial: str, size: int) -> bytes:
    master = keyfile.read(_folder() / "card-master", lambda: secrets.token_bytes(32))
    info = purpose + chip_serial.encode()
    return HKDF(hashes.SHA256(), size, salt=None, info=info).derive(master)


def _new_keys() -> bytes:
    return json.dumps(Keys.generate().to_json()).encode()


def _folder() -> Path:
    return Path(str(settings.OVERA["KEYS"]))

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
_PURPOSE = b"overa card management 1\x00"


def server_keys() -> Keys:
    """Return the keys with which the server signs to desks and opens what they say."""
    content = keyfile.read(_folder() / "server-desk.json", _new_keys)
    return Keys.from_json(json.loads(content))


def management_key(chip_serial: str) -> bytes:
    """Return the management key of one card, diversified from the master (RFC 5869)."""
    master = keyfile.read(_folder() / "card-master", lambda: secrets.token_bytes(32))
    info = _PURPOSE + chip_serial.encode()
    return HKDF(hashes.SHA256(), _MANAGEMENT_KEY, salt=None, info=info).derive(master)


def _new_keys() -> bytes:
    return json.dumps(Keys.generate().to_json()).encode()


def _folder() -> Path:
    return Path(str(settings.OVERA["KEYS"]))

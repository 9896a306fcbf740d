"""Personal data at rest: sealed with AES-256-GCM, found again through keyed tokens."""

import base64
import functools
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

from archive import errors, keyfile

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.expressions import Expression
    from django.db.models.lookups import Lookup

FORMAT = b"\x01"
KEY_ID = 4  # bytes of a key's id
NONCE = 12


class VaultError(errors.ArchiveError):
    """Sealed data cannot be opened: wrong key, wrong place or changed bytes."""

    def __init__(self, about: str, reason: str) -> None:
        super().__init__(f"cannot open what was sealed for {about or 'nobody'}: {reason}")
        self.about = about
        self.reason = reason


class Keys(NamedTuple):
    """Keys of one use by id; new data takes the current one, older ones still open."""

    current: str
    by_id: Mapping[str, bytes]


def seal(data: bytes | str, about: str = "") -> bytes:
    """Encrypt `data`; it opens only under the same `about`, so it cannot be moved elsewhere."""
    keys = _keys("seal")
    header = FORMAT + bytes.fromhex(keys.current)
    nonce = os.urandom(NONCE)
    plain = data.encode() if isinstance(data, str) else data
    sealed = AESGCM(keys.by_id[keys.current]).encrypt(nonce, plain, header + about.encode())
    return header + nonce + sealed


def open_(sealed: bytes, about: str = "") -> bytes:
    """Decrypt what `seal` made for `about`. Raises VaultError."""
    header, rest = sealed[: 1 + KEY_ID], sealed[1 + KEY_ID :]
    key = _sealing_key(header[1:].hex())
    if header[:1] != FORMAT or key is None:
        raise VaultError(about, "its key is not in the key file")
    try:
        return AESGCM(key).decrypt(rest[:NONCE], rest[NONCE:], header + about.encode())
    except (InvalidTag, ValueError) as error:
        raise VaultError(about, "the bytes were changed or belong elsewhere") from error


def is_current(sealed: bytes) -> bool:
    """Tell whether the key that sealed this is the one that seals today."""
    return sealed[: 1 + KEY_ID] == FORMAT + bytes.fromhex(_keys("seal").current)


def add_key() -> str:
    """Let a new key seal from now on and return its id; what earlier ones sealed still opens.

    Other processes seal with the earlier one until they are started again.
    """
    path = _path()
    _keys("seal")
    stored = json.loads(path.read_bytes())
    fresh = _new_keys()
    stored["seal"] = fresh | {"keys": stored["seal"]["keys"] | fresh["keys"]}
    keyfile.replace(path, json.dumps(stored, indent=2).encode())
    forget_keys()
    return str(fresh["current"])


def token(kind: str, value: str) -> str:
    """Return `<key id>.<HMAC-SHA-256>` (73 characters), to find equal values without showing them.

    Nothing is normalised here: the caller gives the value in its one spelling.
    """
    keys = _keys("token")
    return _token(keys.current, keys.by_id[keys.current], kind, value)


def tokens(kind: str, value: str) -> list[str]:
    """Return the value's tokens under every key that was ever in use: for look-ups."""
    return [_token(name, key, kind, value) for name, key in _keys("token").by_id.items()]


def _token(name: str, key: bytes, kind: str, value: str) -> str:
    mac = hmac.new(key, f"{kind}\x00{value}".encode(), hashlib.sha256)
    return f"{name}.{mac.hexdigest()}"


def _keys(use: str) -> Keys:
    return _load(_path())[use]


def _sealing_key(name: str) -> bytes | None:
    """Return a key by its id; one that is not known may be newer than what this process read."""
    key = _keys("seal").by_id.get(name)
    if key is None:
        forget_keys()
        key = _keys("seal").by_id.get(name)
    return key


def _path() -> Path:
    return Path(str(settings.OVERA["KEYS"])) / "data.json"


def forget_keys() -> None:
    """Read the key file again at the next use, after a key was added to it."""
    _load.cache_clear()


@functools.cache
def _load(path: Path) -> dict[str, Keys]:
    stored = json.loads(keyfile.read(path, _new_file))
    return {use: _decode(stored[use]) for use in ("seal", "token")}


def _decode(stored: dict[str, Any]) -> Keys:
    keys = {name: base64.b64decode(key) for name, key in stored["keys"].items()}
    return Keys(stored["current"], keys)


def _new_file() -> bytes:
    return json.dumps({use: _new_keys() for use in ("seal", "token")}, indent=2).encode()


def _new_keys() -> dict[str, Any]:
    name = secrets.token_hex(KEY_ID)
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    return {"current": name, "keys": {name: key}}


class _Sealed:
    """What both sealed fields share: bytes in the database, bound to their table and column."""

    model: type[models.Model]
    name: str

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_lookup(self, lookup_name: str) -> "type[Lookup[Any]] | None":
        """Offer `isnull` only: every sealing differs, equality would silently find nothing."""
        if lookup_name != "isnull":
            return None
        return cast("Any", super()).get_lookup(lookup_name)  # type: ignore[no-any-return]

    def from_db_value(
        self, value: bytes | memoryview | None, _: "Expression", __: "BaseDatabaseWrapper"
    ) -> Any:
        return None if value is None else self.decode(open_(bytes(value), self._about()))

    def get_prep_value(self, value: Any) -> bytes | None:
        return None if value is None else seal(self.encode(value), self._about())

    def _about(self) -> str:
        table = self.model._meta.label_lower  # noqa: SLF001 - documented by Django
        return f"{table}.{self.name}"

    def encode(self, value: Any) -> bytes:
        raise NotImplementedError

    def decode(self, data: bytes) -> Any:
        raise NotImplementedError


if TYPE_CHECKING:
    _Text = models.Field[str | None, str]
    _Binary = models.Field[bytes | None, bytes]
    _JSON = models.Field[Any, Any]
else:
    _Text = _Binary = _JSON = models.Field


class SealedTextField(_Sealed, _Text):
    """Text that the database keeps sealed."""

    def encode(self, value: str) -> bytes:
        return value.encode()

    def decode(self, data: bytes) -> str:
        return data.decode()


class SealedBinaryField(_Sealed, _Binary):
    """Bytes that the database keeps sealed."""

    def encode(self, value: bytes) -> bytes:
        return value

    def decode(self, data: bytes) -> bytes:
        return data


class SealedJSONField(_Sealed, _JSON):
    """Plain dicts, lists, strings, numbers and None that the database keeps sealed as JSON."""

    empty_strings_allowed = False

    def encode(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()

    def decode(self, data: bytes) -> Any:
        return json.loads(data)

"""The desk conversation: signed, sealed envelopes between the server and one desk.

An envelope is canonical JSON. Its header says what it belongs to, its body is sealed to the
receiver (X25519, HKDF-SHA-256, AES-256-GCM with the header as associated data), and an Ed25519
signature covers header and sealed body. Who carries it learns neither body nor how to change it.
"""

import base64
import json
import re
import secrets
from dataclasses import asdict, dataclass, fields
from typing import Any, NoReturn, Self

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cardops.errors import MessageError

VERSION = 1
LARGEST = 1_000_000  # characters of an envelope; a portrait and a certificate fit many times

_KEY, _NONCE = 32, 12  # bytes
_EARLY = 60.0  # seconds that a sender's clock may be ahead
_DISTANT = 2.0**53  # seconds and microseconds since the epoch stay below it for 285 years
_LONGEST = 40  # characters of a name in the header: a UUID and more
_ID = re.compile(r"[0-9a-f]{32}")
_PURPOSE = b"overa desk message 1"


@dataclass(frozen=True)
class PublicKeys:
    """What others know of a party: 32 raw bytes each."""

    sign: bytes
    seal: bytes

    def to_json(self) -> dict[str, str]:
        return {"sign": _text(self.sign), "seal": _text(self.seal)}

    @classmethod
    def from_json(cls, data: dict[str, str]) -> Self:
        """Raise MessageError when these are not two keys."""
        try:
            keys = cls(_bytes(data["sign"]), _bytes(data["seal"]))
        except (KeyError, TypeError, ValueError) as fault:
            raise MessageError("keys-malformed") from fault
        if {len(keys.sign), len(keys.seal)} != {_KEY}:
            raise MessageError("keys-malformed")
        return keys


@dataclass(frozen=True)
class Keys:
    """A party's own keys: 32 raw bytes each."""

    sign: bytes
    seal: bytes

    @classmethod
    def generate(cls) -> Self:
        return cls(secrets.token_bytes(_KEY), secrets.token_bytes(_KEY))

    @property
    def public(self) -> PublicKeys:
        return PublicKeys(
            Ed25519PrivateKey.from_private_bytes(self.sign).public_key().public_bytes_raw(),
            X25519PrivateKey.from_private_bytes(self.seal).public_key().public_bytes_raw(),
        )

    def to_json(self) -> dict[str, str]:
        return {"sign": _text(self.sign), "seal": _text(self.seal)}

    @classmethod
    def from_json(cls, data: dict[str, str]) -> Self:
        return cls(_bytes(data["sign"]), _bytes(data["seal"]))


@dataclass(frozen=True)
class Message:
    """One thing said; times are seconds since the epoch.

    An answer carries case, issuance and step of the command that it answers.
    """

    desk: str
    type: str
    message_id: str
    sequence: int
    issued_at: float
    expires_at: float
    case: str
    issuance: str
    step: str
    body: dict[str, Any]


_HEADER = tuple(field.name for field in fields(Message) if field.name != "body")


def next_sequence(last: int, now: float) -> int:
    """Return the number after `last`, at least the time in microseconds.

    So a party whose memory was restored from a backup is not behind what it sent before.
    """
    return max(last + 1, int(now * 1_000_000))


def new_id() -> str:
    return secrets.token_hex(16)


def seal(message: Message, *, sender: Keys, receiver: PublicKeys) -> str:
    """Return the envelope's text."""
    header = asdict(message) | {"version": VERSION}
    body = _canonical(header.pop("body"))
    ephemeral = X25519PrivateKey.generate()
    public = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(receiver.seal))
    nonce = secrets.token_bytes(_NONCE)
    box = _cipher(shared, public, receiver.seal).encrypt(nonce, body, _canonical(header))
    envelope = header | {"sealed": _text(public + nonce + box)}
    key = Ed25519PrivateKey.from_private_bytes(sender.sign)
    signed = envelope | {"signature": _text(key.sign(_canonical(envelope)))}
    return _canonical(signed).decode()


def desk_of(text: object) -> str:
    """Return the desk that an envelope names, to look its keys up; nothing is proven yet."""
    named = _envelope(text)["desk"]
    if not _is_sound("desk", named):
        raise MessageError("malformed")
    return str(named)


def open_envelope(
    text: object, *, receiver: Keys, sender: PublicKeys, desk: str, now: float
) -> Message:
    """Return what was said, proven; raise MessageError with the reason.

    Whether the message was seen before is the receiver's to know: see `require_fresh`.
    """
    envelope = _envelope(text)
    _verify(envelope, sender)
    _require_header(envelope)
    if envelope["desk"] != desk:
        raise MessageError("desk")
    if not envelope["issued_at"] - _EARLY <= now < envelope["expires_at"]:
        late, sequence = now - envelope["issued_at"], envelope["sequence"]
        raise MessageError("expired", late=late, sequence=sequence)
    body = _object(_unseal(envelope.pop("sealed"), envelope, receiver))
    return Message(**{name: envelope[name] for name in _HEADER}, body=body)


def require_fresh(message: Message, *, seen: bool, last: int) -> None:
    """Raise MessageError unless the message is new and later than all before.

    Gaps are allowed: progress may be lost.
    """
    if seen:
        raise MessageError("seen")
    if message.sequence <= last:
        raise MessageError("sequence")


def _envelope(text: object) -> dict[str, Any]:
    if not isinstance(text, str):
        raise MessageError("malformed")
    if len(text) > LARGEST:
        raise MessageError("too-large")
    envelope = _object(text)
    if {*_HEADER, "version", "sealed", "signature"} ^ set(envelope):
        raise MessageError("malformed")
    return envelope


def _object(text: str | bytes) -> dict[str, Any]:
    """Return the JSON object that `text` is; MessageError where it could be read in two ways."""
    try:
        read = json.loads(text, object_pairs_hook=_unambiguous, parse_constant=_refuse)
    except (ValueError, RecursionError) as fault:
        raise MessageError("malformed") from fault
    if not isinstance(read, dict):
        raise MessageError("malformed")
    return read


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError("a name stands twice")
    return read


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _require_header(envelope: dict[str, Any]) -> None:
    """Raise MessageError unless each field is what it must be, whoever signed it."""
    if type(envelope["version"]) is not int or envelope["version"] != VERSION:
        raise MessageError("version")
    if not all(_is_sound(name, envelope[name]) for name in _HEADER):
        raise MessageError("header")


def _is_sound(name: str, value: object) -> bool:
    if name == "message_id":
        return isinstance(value, str) and bool(_ID.fullmatch(value))
    if name == "sequence":
        return _is_number(value) and isinstance(value, int)
    if name in ("issued_at", "expires_at"):
        return _is_number(value)
    return isinstance(value, str) and len(value) <= _LONGEST and value.isprintable()


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 < value < _DISTANT


def _verify(envelope: dict[str, Any], sender: PublicKeys) -> None:
    """Take the signature off the envelope; raise MessageError when it is not the sender's."""
    try:
        signature = _bytes(envelope.pop("signature"))
        key = Ed25519PublicKey.from_public_bytes(sender.sign)
        key.verify(signature, _canonical(envelope))
    except (InvalidSignature, TypeError, ValueError) as fault:
        raise MessageError("signature") from fault


def _unseal(sealed: str, header: dict[str, Any], receiver: Keys) -> bytes:
    try:
        parts = _bytes(sealed)
        public, nonce, box = parts[:_KEY], parts[_KEY : _KEY + _NONCE], parts[_KEY + _NONCE :]
        private = X25519PrivateKey.from_private_bytes(receiver.seal)
        shared = private.exchange(X25519PublicKey.from_public_bytes(public))
        cipher = _cipher(shared, public, private.public_key().public_bytes_raw())
        return cipher.decrypt(nonce, box, _canonical(header))
    except (InvalidTag, TypeError, ValueError) as fault:
        raise MessageError("seal") from fault


def _cipher(shared: bytes, ephemeral: bytes, receiver: bytes) -> AESGCM:
    info = _PURPOSE + ephemeral + receiver
    return AESGCM(HKDF(hashes.SHA256(), _KEY, salt=None, info=info).derive(shared))


def _canonical(value: dict[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)

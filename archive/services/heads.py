"""Signed heads of the audit, in a file outside of the database: what a forger cannot recompute."""

import base64
import fcntl
import hashlib
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils import timezone

from archive import chain, keyfile
from archive.models import AuditHead

TAG = b"overa audit heads 1\x00"
PUBLIC_KEY = "heads.pub.pem"  # beside the heads; copies of both belong on another machine


def sign_head() -> None:
    """Append one signed line with the head of every stream; never called in a transaction.

    The file's lock comes before the database is read, so lines of several processes never run
    backwards.
    """
    path = heads_file()
    with _locked(path) as file:
        line = _line(_last_line(file), _signing_key())
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def heads_file() -> Path:
    return Path(str(settings.OVERA["AUDIT_HEADS"]))


def _line(last: bytes, key: Ed25519PrivateKey) -> bytes:
    body: dict[str, Any] = {
        "at": chain.moment(timezone.now()),
        "streams": {head.stream: [head.number, head.hash] for head in AuditHead.objects.all()},
        "previous": hashlib.sha256(last).hexdigest(),
    }
    signature = key.sign(TAG + chain.canonical(body))
    return chain.canonical({**body, "signature": base64.b64encode(signature).decode()}) + b"\n"


@contextmanager
def _locked(path: Path) -> Iterator[io.BufferedRandom]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _last_line(file: io.BufferedRandom) -> bytes:
    """Return the last whole line; close what a power cut left open behind it."""
    file.seek(0)
    content = file.read()
    if content and not content.endswith(b"\n"):
        file.write(b"\n")
    return next((line for line in reversed(content.split(b"\n")) if is_head(line)), b"")


def is_head(line: bytes) -> bool:
    """Tell a line of heads from the rest of one that a power cut left behind."""
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _signing_key() -> Ed25519PrivateKey:
    pem = keyfile.read(Path(str(settings.OVERA["KEYS"])) / "audit-ed25519.pem", _new_key)
    key = serialization.load_pem_private_key(pem, password=None)
    assert isinstance(key, Ed25519PrivateKey)  # noqa: S101 - we made the file
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    keyfile.read(heads_file().parent / PUBLIC_KEY, lambda: public)
    return key


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )

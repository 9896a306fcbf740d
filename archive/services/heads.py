"""Signed heads of the audit, in a file outside of the database: what a forger cannot recompute.

A line says of every stream its length and last hash, and of what was written since the line before
the root of a tree: with it an event can be shown to somebody who may not see the others.
"""

import base64
import fcntl
import hashlib
import io
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils import timezone

from archive import chain, keyfile, tree
from archive.models import AuditEvent, AuditHead

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


def own() -> tuple[Path, Path]:
    """Return our file of heads and the public key beside it."""
    return heads_file(), heads_file().parent / PUBLIC_KEY


def former() -> list[tuple[Path, Path]]:
    """Return the files and keys of installations from which this archive came, the first first."""
    folders = former_folder().iterdir() if former_folder().is_dir() else ()
    found = sorted(
        (each for each in folders if each.name.isdigit()), key=lambda each: int(each.name)
    )
    return [(each / heads_file().name, each / PUBLIC_KEY) for each in found]


def former_folder() -> Path:
    return heads_file().parent / "former"


def _line(last: bytes, key: Ed25519PrivateKey) -> bytes:
    streams = {head.stream: (head.number, head.hash) for head in AuditHead.objects.all()}
    body: dict[str, Any] = {
        "at": chain.moment(timezone.now()),
        "streams": streams,
        "trees": dict(_trees(streams, json.loads(last or b"{}"))),
        "previous": hashlib.sha256(last).hexdigest(),
    }
    signature = key.sign(TAG + chain.canonical(body))
    return chain.canonical({**body, "signature": base64.b64encode(signature).decode()}) + b"\n"


def _trees(
    streams: Mapping[str, tuple[int, str]], before: Mapping[str, Any]
) -> Iterator[tuple[str, tuple[int, str]]]:
    """Yield (stream, (first event, root)) of what no earlier line has a tree of."""
    covered = before["streams"] if "trees" in before else {}
    for stream, (number, _hash) in streams.items():
        first = covered.get(stream, (0, ""))[0] + 1
        if written := hashes(stream, first, number):
            yield stream, (first, tree.root(written))


def hashes(stream: str, first: int, last: int) -> list[str]:
    """Return the hashes of these events of a stream, both counted in."""
    events = AuditEvent.objects.filter(stream=stream, number__range=(first, last))
    return list(events.order_by("number").values_list("hash", flat=True))


def sign(message: bytes) -> bytes:
    """Sign with the key of the heads; what is signed must never begin as a line of heads does."""
    if message.startswith(TAG):
        raise ValueError("only sign_head signs heads")
    return _signing_key().sign(message)


def public_key() -> bytes:
    """Return the public half, PEM: what an inspector was given when the counter was set up."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return _signing_key().public_key().public_bytes(serialization.Encoding.PEM, form)


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

"""Signed heads of the audit, in a file outside of the database: what a forger cannot recompute.

A line says of every stream its length and last hash, and of what was written since the line before
the root of a tree: with it an event can be shown to somebody who may not see the others.
"""

import base64
import fcntl
import hashlib
import itertools
import json
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db.models import Case, Value, When
from django.utils import timezone

from archive import chain, keyfile, tree
from archive.models import AuditEvent, AuditHead

TAG = b"overa audit heads 1\x00"
PUBLIC_KEY = "heads.pub.pem"  # beside the heads; copies of both belong on another machine
UNWRITABLE = (OSError, ValueError)  # the disk is full, the folder not ours, the key not a key
DIGITS = 16  # of a hash, on paper
_PIECE = 65536  # bytes

log = logging.getLogger(__name__)


def sign_head() -> None:
    """Append one signed line with the head of every stream; never called in a transaction.

    The file's lock comes before the database is read, so lines of several processes never run
    backwards. A line that cannot be written whole (OSError) leaves nothing behind.
    """
    path = heads_file()
    with _locked(path) as file:
        last, key, at = _last_line(file), _signing_key(), timezone.now()
        streams = {head.stream: (head.number, head.hash) for head in AuditHead.objects.all()}
        _append(file, _line(streams, last, key, at))
    _note_signed({stream: number for stream, (number, _hash) in streams.items()}, at)


def sign_if_possible() -> None:
    """Sign; where the file cannot be written say so in the log of the program and go on."""
    try:
        sign_head()
    except UNWRITABLE as fault:
        log.error("no signed head of the audit: %s; see to %s", fault, heads_file().parent)  # noqa: TRY400 - the disk is full, the code is right


def printed(stream: str = "decisions") -> str:
    """Return how far the last signed head is, as it stands on papers; empty before the first one.

    `verify_audit.py --printed` takes it: "1234: 9f3a 77c0 12de 34ab".
    """
    last = next(last_lines(heads_file()), b"{}")
    number, digest = json.loads(last).get("streams", {}).get(stream, (0, ""))
    groups = " ".join(digest[at : at + 4] for at in range(0, DIGITS, 4))
    return f"{number}: {groups}" if number else ""


def heads_file() -> Path:
    return Path(str(settings.OVERA["AUDIT_HEADS"]))


def read_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield (number, line) of the file's heads; what a power cut left of one is passed over."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if is_head(line):
                yield number, line.removesuffix(b"\n")


def last_lines(path: Path) -> Iterator[bytes]:
    """Yield the file's heads from its end; no more of it is read than is asked for."""
    if path.exists():
        with path.open("rb", buffering=0) as file:
            yield from filter(is_head, _backwards(file))


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


def _line(
    streams: Mapping[str, tuple[int, str]], last: bytes, key: Ed25519PrivateKey, at: datetime
) -> bytes:
    body: dict[str, Any] = {
        "at": chain.moment(at),
        "streams": streams,
        "trees": dict(_trees(streams, json.loads(last or b"{}"))),
        "previous": hashlib.sha256(last).hexdigest(),
    }
    signature = key.sign(TAG + chain.canonical(body))
    return chain.canonical({**body, "signature": base64.b64encode(signature).decode()}) + b"\n"


def _note_signed(numbers: Mapping[str, int], at: datetime) -> None:
    """Write down how far the heads are, so that every process knows what lies beyond them."""
    for stream, number in numbers.items():
        AuditHead.objects.filter(stream=stream, signed__lt=number).update(
            signed=number, unsigned_since=Case(When(number=number, then=None), default=Value(at))
        )


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
def _locked(path: Path) -> Iterator[FileIO]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _append(file: FileIO, line: bytes) -> None:
    """Write a line whole and to the disk, or not at all."""
    before = file.seek(0, os.SEEK_END)
    try:
        rest = memoryview(line)
        while rest:
            rest = rest[file.write(rest) :]
        os.fsync(file.fileno())
    except OSError:
        file.truncate(before)
        raise


def _last_line(file: FileIO) -> bytes:
    """Return the last whole line; close what a power cut left open behind it."""
    lines = _backwards(file)
    if open_end := next(lines, b""):
        _append(file, b"\n")
    return next(filter(is_head, itertools.chain([open_end], lines)), b"")


def _backwards(file: FileIO) -> Iterator[bytes]:
    """Yield the lines of a file from its end, read in pieces; the first is what follows them."""
    at, rest = file.seek(0, os.SEEK_END), b""
    while at:
        size = min(_PIECE, at)
        at -= size
        file.seek(at)
        rest, *lines = (file.read(size) + rest).split(b"\n")
        yield from reversed(lines)
    yield rest


def is_head(line: bytes) -> bool:
    """Tell a line of heads from the rest of one that a power cut left behind."""
    return bool(body(line))


def body(line: bytes) -> dict[str, Any]:
    """Return what a line says; nothing where it is no head."""
    try:
        said = json.loads(line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


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

"""Time stamps on the signed heads: an outsider's clock saw that line, whoever holds our key.

Each token lies beside the heads under the SHA-256 of its line, so that `openssl ts -verify` takes
it as it is. A line holds the hash of the one before: a stamp proves all that stand above it too.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice, takewhile
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from archive import keyfile, timestamps
from archive.services.log import heads
from archive.timestamps import Authority

FOLDER = "heads.tst"  # beside the heads
AT_ONCE = 100  # heads that are caught up in one go

_SENTENCES: dict[type[Exception], str] = {
    timestamps.UnreachableError: "does not answer (%s); the heads are signed, it is asked again",
    timestamps.RefusedError: "refuses (%s): speak to it; the heads are signed meanwhile",
    timestamps.WrongError: "gave a stamp that is not to be trusted (%s), which was thrown away:"
    " look who answers at its address, and at OVERA_AUDIT_TSA_ROOTS",
}

log = logging.getLogger(__name__)


class RootsMissingError(timestamps.TimestampError):
    """A time-stamping authority is set, but not what it is believed by."""


@dataclass(frozen=True)
class Head:
    """A line of the heads file, and where its token is, or would be."""

    number: int
    line: bytes
    token: Path


def every(path: Path) -> Iterator[Head]:
    for number, line in heads.read_lines(path) if path.exists() else ():
        yield Head(number, line, _token(path, line))


def behind(path: Path) -> int:
    """Return how many heads at the end of the file have no stamp; counted up to AT_ONCE.

    It takes as long after fifteen years as on the first day: nothing before them is read.
    """
    last = islice(heads.last_lines(path), AT_ONCE)
    return sum(1 for _ in takewhile(lambda line: not _token(path, line).exists(), last))


def _token(path: Path, line: bytes) -> Path:
    return path.parent / FOLDER / f"{hashlib.sha256(line).hexdigest()}.tst"


def missing(path: Path) -> list[Head]:
    """Return the heads that wait for a stamp: from the first stamped one on, at least the last."""
    waiting: list[Head] = []
    head = begun = None
    for head in every(path):
        if head.token.exists():
            begun = head
        elif begun:
            waiting.append(head)
    return waiting or ([head] if head and not begun else [])


def wanted() -> bool:
    """Tell whether the settings name an authority."""
    return bool(cast("dict[str, str]", settings.OVERA["AUDIT_TSA"])["ADDRESS"])


def authority() -> Authority | None:
    """Return whom to ask; None where the settings name nobody. Raises RootsMissingError."""
    if not wanted():
        return None
    section = cast("dict[str, str]", settings.OVERA["AUDIT_TSA"])
    return Authority(section["ADDRESS"], float(section["PATIENCE"]), roots(Path(section["ROOTS"])))


def roots(path: Path) -> tuple[bytes, ...]:
    """Return the certificates (DER) of a PEM file. Raises RootsMissingError."""
    try:
        found = x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as fault:
        raise RootsMissingError("OVERA_AUDIT_TSA_ROOTS") from fault
    return tuple(each.public_bytes(Encoding.DER) for each in found)


def stamp_missing(said: Callable[[str], object] = log.error) -> int:
    """Get the stamps that are missing, the oldest first; return how many came.

    Never called in a transaction: it waits for somebody else's server. What goes wrong is `said`,
    and the rest waits for the next time.
    """
    asked, stamped = authority(), 0
    path = heads.heads_file()
    for head in missing(path)[:AT_ONCE] if asked and behind(path) else ():
        try:
            _stamp(head, cast("Authority", asked))
        except timestamps.TimestampError as fault:
            sentence = _SENTENCES[type(fault)] % fault.reason
            said(f"head {head.number} has no time stamp: the authority {sentence}")
            break
        stamped += 1
    return stamped


def _stamp(head: Head, asked: Authority) -> None:
    token = timestamps.fetch(head.line, asked)
    keyfile.read(head.token, lambda: token)

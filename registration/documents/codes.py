"""Page codes: what page this is, in 33 characters that only this office can make.

Format and key id 2, case 9, kind 2, version 3, copy 1, page 2, pages 2, print run 2, and 10 base32
characters of an HMAC-SHA-256 that also covers the page's content. No personal data, no address.
"""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from archive import keyfile

FORMAT = "1"
LENGTH = 33

_KINDS = {
    "request": "RQ",
    "cover": "CV",
    "terms": "TR",
    "contract": "CT",
    "unblock": "UB",
    "status": "ST",
    "receipt": "RC",
    "reprint": "RP",
    "folder": "FL",
    "box": "BX",
    "notice": "NT",
}
_NAMES = {short: kind for kind, short in _KINDS.items()}
_MAC = 10  # characters
_PURPOSE = b"overa page code 1\x00"
_SHAPE = re.compile(
    r"(?P<format>\d)(?P<key>[0-9A-Z])(?P<case>\d{9})(?P<kind>[A-Z]{2})(?P<version>[0-9A-Z]{3})"
    r"(?P<copy>\d)(?P<page>\d{2})(?P<pages>\d{2})(?P<run>\d{2})(?P<mac>[A-Z2-7]{10})"
)
_GROUPS = (2, 9, 2, 3, 1, 2, 2, 2, 5, 5)


class CodeError(ValueError):
    """A text is no page code of ours."""


@dataclass(frozen=True)
class CodeKey:
    """The office's secret; `key_id` is one digit or capital letter and stands in every code."""

    key_id: str
    secret: bytes


@dataclass(frozen=True)
class PageCode:
    """What a code says; `mac` proves it together with the page's content hash."""

    key_id: str
    case_number: str
    kind: str
    version: str
    copy: int
    page: int
    pages: int
    run: int
    mac: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code; raise CodeError where it has another shape. Proves nothing yet."""
        found = _SHAPE.fullmatch(re.sub(r"[\s/]", "", text).upper())
        if not found or found["format"] != FORMAT or found["kind"] not in _NAMES:
            raise CodeError(text)
        return cls(
            key_id=found["key"],
            case_number=found["case"],
            kind=_NAMES[found["kind"]],
            version=found["version"],
            copy=int(found["copy"]),
            page=int(found["page"]),
            pages=int(found["pages"]),
            run=int(found["run"]),
            mac=found["mac"],
        )

    @property
    def head(self) -> str:
        """Return everything before the MAC."""
        numbers = f"{self.copy}{self.page:02}{self.pages:02}{self.run:02}"
        return f"{FORMAT}{self.key_id}{self.case_number}{_KINDS[self.kind]}{self.version}{numbers}"


def compose(code: PageCode, content_hash: str, key: CodeKey) -> str:
    """Return the 33 characters for a page with this content (SHA-256, hexadecimal)."""
    text = code.head + _mac(code.head, content_hash, key)
    if len(text) != LENGTH:
        raise CodeError(text)
    return text


def verify(text: str, content_hash: str, key: CodeKey) -> bool:
    """Tell whether this office printed the code on a page with this content."""
    code = PageCode.parse(text)
    expected = _mac(code.head, content_hash, key)
    return code.key_id == key.key_id and hmac.compare_digest(code.mac, expected)


def human_line(text: str) -> str:
    """Return the code in groups that a person can read out and type."""
    groups, start = [], 0
    for size in _GROUPS:
        groups.append(text[start : start + size])
        start += size
    return " ".join(groups)


def read_key(folder: Path) -> CodeKey:
    """Return the office's key, made at first use: one file, readable by its owner only."""
    secret = keyfile.read(folder / "page-code.key", lambda: secrets.token_bytes(32))
    return CodeKey("A", secret)


def _mac(head: str, content_hash: str, key: CodeKey) -> str:
    message = _PURPOSE + head.encode("ascii") + b"\x00" + bytes.fromhex(content_hash)
    digest = hmac.new(key.secret, message, hashlib.sha256).digest()
    return base64.b32encode(digest).decode()[:_MAC]

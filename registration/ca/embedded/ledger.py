"""The embedded body's ledger: what it promised to issue, what it issued, what it revoked.

Nothing is ever changed: each fact is a file of its own, made exactly once. An entry fixes serial
and validity before anything is signed, and the signature is deterministic (RFC 6979; RSA's is by
nature): whoever signs an entry, and however often, makes the same bytes. So one key has one
certificate, whatever crashes.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from registration.ca import subject
from registration.ca.base import EnrolmentRequest, Subject
from registration.ca.embedded import files


@dataclass(frozen=True)
class Entry:
    """The promise: everything that decides the certificate's bytes."""

    serial: int
    not_before: datetime
    not_after: datetime
    public_key: bytes  # SubjectPublicKeyInfo, DER
    subject: Subject
    profile: str
    email: str | None

    def answers(self, request: EnrolmentRequest, public_key: bytes) -> bool:
        """Whether a repeated request asks for what was promised; its signature may be new."""
        asked = (public_key, request.subject, request.profile, request.email)
        return asked == (self.public_key, self.subject, self.profile, self.email)

    def to_json(self) -> dict[str, Any]:
        return {
            "serial": f"{self.serial:x}",
            "not_before": self.not_before.isoformat(),
            "not_after": self.not_after.isoformat(),
            "public_key": base64.b64encode(self.public_key).decode(),
            "subject": self.subject,
            "profile": self.profile,
            "email": self.email,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(
            serial=int(data["serial"], 16),
            not_before=datetime.fromisoformat(data["not_before"]),
            not_after=datetime.fromisoformat(data["not_after"]),
            public_key=base64.b64decode(data["public_key"]),
            subject=subject.restore(data["subject"]),
            profile=data["profile"],
            email=data["email"],
        )


@dataclass(frozen=True)
class Revocation:
    serial: int
    number: int  # of this certificate's changes of status, from 1
    reason: str
    at: datetime


class Ledger:
    def __init__(self, folder: Path) -> None:
        self._entries = folder / "entries"
        self._certificates = folder / "certificates"
        self._revocations = folder / "revocations"
        self._lists = folder / "crl"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for part in (self._entries, self._certificates, self._revocations, self._lists):
            part.mkdir(mode=0o700, exist_ok=True)
        files.sync_folder(folder)

    def try_writing(self) -> None:
        for part in (self._entries, self._certificates):
            files.try_folder(part)

    def promise(self, key: str, entry: Entry) -> Entry:
        """Return the entry of this key: the given one, or the one that was there before."""
        path = self._entry(key)
        files.publish(path, json.dumps(entry.to_json()).encode())
        return Entry.from_json(json.loads(path.read_bytes()))

    def promised(self, key: str) -> Entry | None:
        path = self._entry(key)
        if not path.exists():
            return None
        files.sync_folder(path.parent)
        return Entry.from_json(json.loads(path.read_bytes()))

    def keep(self, serial: int, certificate: bytes) -> bytes:
        path = self._certificate(serial)
        files.publish(path, certificate)
        return path.read_bytes()

    def certificate(self, serial: int) -> bytes | None:
        path = self._certificate(serial)
        return path.read_bytes() if path.exists() else None

    def record(self, change: Revocation) -> bool:
        """Return False when somebody else recorded the certificate's next change first."""
        body = {"reason": change.reason, "at": change.at.isoformat()}
        path = self._revocations / f"{change.serial:x}.{change.number}.json"
        return files.publish(path, json.dumps(body).encode())

    def last_change(self, serial: int) -> Revocation | None:
        changes = [_read(path) for path in self._revocations.glob(f"{serial:x}.*.json")]
        return max(changes, key=_number, default=None)

    def last_changes(self) -> tuple[Revocation, ...]:
        """List the last change of every certificate that ever had one, by serial number."""
        changes = sorted((_read(path) for path in self._revocations.glob("*.json")), key=_number)
        last = {change.serial: change for change in changes}
        return tuple(last[serial] for serial in sorted(last))

    def list_number(self) -> int:
        """Find the number of the newest revocation list, 0 before the first."""
        return max((int(path.stem) for path in self._lists.glob("*.crl")), default=0)

    def keep_list(self, number: int, crl: bytes) -> bool:
        return files.publish(self._lists / f"{number:012}.crl", crl)

    def revocation_list(self, number: int) -> bytes:
        return (self._lists / f"{number:012}.crl").read_bytes()

    def _entry(self, key: str) -> Path:
        return self._entries / f"{hashlib.sha256(key.encode()).hexdigest()}.json"

    def _certificate(self, serial: int) -> Path:
        return self._certificates / f"{serial:x}.cer"


def _read(path: Path) -> Revocation:
    serial, number, _ = path.name.split(".")
    body = json.loads(path.read_bytes())
    at = datetime.fromisoformat(body["at"])
    return Revocation(int(serial, 16), int(number), body["reason"], at)


def _number(change: Revocation) -> int:
    return change.number

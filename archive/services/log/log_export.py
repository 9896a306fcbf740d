"""The log as files that leave: every event on a line, the heads, their tokens, the key, a verifier.

What the events say of citizens stays at home unless it is asked for by who may see it.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from django.utils import timezone

from archive import chain, errors, vault
from archive.models import AuditEvent
from archive.services import audit
from archive.services.log import heads, stamps, verification

EVENTS, FORMAT = "events.jsonl", "overa audit 1"
VERIFIER = Path(__file__).parents[2] / "inspector" / "verify_audit.py"


class FolderTakenError(errors.ArchiveError):
    """The export would be written among other files."""


@dataclass
class _Sink:
    """The file of events, and what its last line says of it."""

    file: BinaryIO
    digest: Any = field(default_factory=hashlib.sha256)
    streams: dict[str, int] = field(default_factory=dict)

    def write(self, line: Mapping[str, Any]) -> None:
        said = chain.canonical(line) + b"\n"
        self.file.write(said)
        self.digest.update(said)

    def close(self) -> None:
        self.write({"end": {"streams": self.streams, "sha256": self.digest.hexdigest()}})


def write(folder: Path, *, by: audit.Actor, reason: str, private: bool) -> int:
    """Write the whole log into a new folder; return how many events. Memory is bounded.

    It is noted and a head signed before: the note lies in the export. Raises FolderTakenError.
    """
    try:
        folder.mkdir(parents=True, mode=0o700)
    except FileExistsError as fault:
        raise FolderTakenError(str(folder)) from fault
    facts = {"reason": reason, "private": private}
    with audit.transaction():
        audit.append("audit.export", subject="audit", by=by, facts=facts)
    audit.sign_head()
    covered = _copy_heads(folder)
    owners = os.open(folder / EVENTS, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(owners, "wb") as file:
        sink = _Sink(file)
        sink.write({"export": FORMAT, "at": chain.moment(timezone.now()), "private": private})
        for stream, (last, _hash) in sorted(covered.items()):
            sink.streams[stream] = 0
            for line in _events(stream, last, private=private):
                sink.write(line)
                sink.streams[stream] += 1
        sink.streams = {name: count for name, count in sink.streams.items() if count}
        sink.close()
    return sum(sink.streams.values())


def _copy_heads(folder: Path) -> dict[str, tuple[int, str]]:
    """Copy what was signed; return how far: what is written meanwhile is of the next export."""
    here = heads.heads_file()
    for path in (here, here.parent / heads.PUBLIC_KEY, VERIFIER):
        shutil.copyfile(path, folder / path.name)
    if (here.parent / stamps.FOLDER).exists():
        shutil.copytree(here.parent / stamps.FOLDER, folder / stamps.FOLDER)
    if heads.former_folder().exists():
        shutil.copytree(heads.former_folder(), folder / heads.former_folder().name)
    *_earlier, (_number, line) = heads.read_lines(folder / here.name)
    return dict(json.loads(line)["streams"])


def _events(stream: str, last: int, *, private: bool) -> Iterator[dict[str, Any]]:
    for row in verification.rows(stream).filter(number__lte=last).iterator(chunk_size=500):
        link = row.link()
        body = {**vars(link.event), "facts": dict(link.event.facts), "previous": link.previous}
        told: dict[str, Any] = {"event": body, "hash": link.hash}
        if private and vars(row)["sealed"] is not None:
            told["private"] = _private(row)
        yield told


def _private(row: AuditEvent) -> dict[str, Any]:
    """Return what the event committed to; what was damaged fits no commitment."""
    try:
        data = verification.opened(bytes(vars(row)["sealed"]))
    except vault.VaultError:
        data = None
    return {"salt": bytes(vars(row)["salt"]).hex(), "data": data}

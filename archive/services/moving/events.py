"""The audit as it moves: streams of events, each with its private part and the salt of that."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from archive import chain
from archive.models import AuditEvent, AuditPrivate
from archive.services.log import heads
from archive.services.moving import names

FOLDER = "audit"
STREAM = "moves"  # where exports and imports are written: all others arrive as they left
_AT_ONCE = 2000


def streams() -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield each stream's file and its lines."""
    found = AuditEvent.objects.order_by("stream").values_list("stream", flat=True).distinct()
    for number, stream in enumerate(found, 1):
        yield f"{FOLDER}/streams/{number:04}-{names.part(stream)}.jsonl", _lines(stream)


def signed() -> Iterator[tuple[str, bytes]]:
    """Yield the files of signed heads and their keys: those brought along first, our own last."""
    for number, (file, key) in enumerate([*heads.former(), heads.own()], 1):
        for path in (file, key):
            if path.exists():
                yield f"{FOLDER}/heads/{number}/{path.name}", path.read_bytes()


def read(told: Mapping[str, Any]) -> tuple[AuditEvent, AuditPrivate | None]:
    """Return the rows of a line, unsaved. Raises KeyError, TypeError, ValueError."""
    body = told["event"]
    event = AuditEvent(
        **{**body, "at": datetime.fromisoformat(body["at"])}, id=told["id"], hash=told["hash"]
    )
    private = told["private"]
    if private is None:
        return event, None
    kept = AuditPrivate(event=event, salt=bytes.fromhex(private["salt"]), data=private["data"])
    return event, kept


def kept(event: AuditEvent, private: AuditPrivate | None) -> bool:
    """Tell whether the private part is what was committed to; one that is gone is no fault."""
    if private is None:
        return True
    return chain.commit(bytes(private.salt), private.data) == event.commitment


def _lines(stream: str) -> Iterator[bytes]:
    rows = AuditEvent.objects.filter(stream=stream).order_by("number").select_related("private")
    for row in rows.iterator(chunk_size=_AT_ONCE):
        yield chain.canonical(_told(row)) + b"\n"


def _told(row: AuditEvent) -> dict[str, Any]:
    link = row.link()
    body = {**vars(link.event), "facts": dict(link.event.facts), "previous": link.previous}
    private = getattr(row, "private", None)
    told = private and {"salt": bytes(private.salt).hex(), "data": private.data}
    return {"id": row.pk, "event": body, "hash": link.hash, "private": told}


def bring(files: Mapping[str, bytes]) -> None:
    """Lay signed heads that were brought along, by `<number>/<name>`, beside our own."""
    for name, data in files.items():
        path = heads.former_folder() / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_bytes(data)

"""Taking records out of the archive: asked for with a reason, logged, written into a bag."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from archive.bag import folder as bags
from archive.models import Record
from archive.services import audit, refusals
from archive.services.log import heads, slices
from archive.services.moving import contents, events, selections
from archive.services.moving.selections import Selection

VERSION = "1"
_TOLD_AT_ONCE = 1000  # file numbers in one event
_TURNS = 50  # in which nobody may have decided anything for the moment between two statements
_README = """Records of an archive of qualified certificates, as a bag (BagIt, RFC 8493).

Open data/index.html in a browser. Nothing of the program that wrote this is needed.
These are personal data in the clear: keep them as you keep the papers.

    sha256sum -c tagmanifest-sha256.txt manifest-sha256.txt
    openssl pkeyutl -verify -pubin -inkey KEY.pem -rawin \\
        -in tagmanifest-sha256.txt -sigfile signature.bin

KEY.pem is the public key of the heads of the archive's log; take it from where you trust,
heads.pub.pem beside this file is a copy that proves nothing by itself.

Списи архиве квалификованих сертификата. Отворите data/index.html у прегледачу; ништа од програма
који их је написао није потребно. То су лични подаци: чувајте их као што чувате папире.
"""


@dataclass(frozen=True)
class Made:
    """A bag that is whole."""

    records: int
    files: int
    size: int  # bytes
    kept: int  # files that an earlier, interrupted run had written
    missing: tuple[tuple[str, str, str], ...]  # name, SHA-256, what is wrong


def note(
    selection: Selection, within: "QuerySet[Record]", *, reason: str, by: audit.Actor | None
) -> int:
    """Log who takes what out and why; return how many records it is.

    Raises refusals.ReasonMissingError, SelectionError.
    """
    if not reason.strip():
        raise refusals.ReasonMissingError
    count = selections.check(selection, within)
    facts = {"what": selection.what, "records": count, "reason": reason.strip()}
    if by is None:
        facts["account"] = getpass.getuser()
    with audit.transaction():
        _append("archive.export", facts, by)
        if not selection.everything:
            for some in _numbers(selections.records(selection, within)):
                _append("archive.export_records", {"file_numbers": some}, by)
    return count


def write(selection: Selection, path: Path, within: "QuerySet[Record]") -> Made:
    """Write the bag, or go on with one that was interrupted; never called in a transaction.

    Raises FolderTakenError, UncoveredError.
    """
    with bags.begun(path) as bag:
        done, signed = _write_payload(bag, selection, within)
        for name, data in signed.items():
            bag.put(name, data)
        beside = {"README.txt": _README.encode(), heads.PUBLIC_KEY: heads.public_key()}
        bag.close(beside, _info(selection, done), timezone.now(), heads.sign)
    return Made(done.records, bag.count, bag.size, bag.kept, tuple(done.missing))


def _write_payload(
    bag: bags.Folder, selection: Selection, within: "QuerySet[Record]"
) -> tuple[contents.Written, dict[str, bytes]]:
    """Write one state of the database, and return the heads that cover it, not newer than that.

    Where somebody decided between the head and the reading, both are taken anew.
    """
    everything = selection.everything
    for _turn in range(_TURNS):
        audit.sign_head()
        signed = dict(events.signed()) if everything else {}
        with _standing_still():
            if slices.covered():
                chosen = selections.records(selection, within)
                return contents.write(bag, chosen, everything=everything), signed
    raise slices.UncoveredError(0)


def note_done(made: Made, *, by: audit.Actor | None) -> None:
    """Log what has become of an export."""
    facts = {"records": made.records, "files": made.files, "bytes": made.size}
    with audit.transaction():
        _append("archive.exported", {**facts, "missing": len(made.missing)}, by)


def _append(event: str, facts: dict[str, object], by: audit.Actor | None) -> None:
    audit.append(event, subject="archive", by=by, stream=events.STREAM, facts=facts)


def _numbers(chosen: "QuerySet[Record]") -> Iterator[list[str]]:
    numbers = list(chosen.values_list("file_number", flat=True))
    for at in range(0, len(numbers), _TOLD_AT_ONCE):
        yield numbers[at : at + _TOLD_AT_ONCE]


def _info(selection: Selection, done: contents.Written) -> dict[str, str]:
    return {
        "Bag-Software-Agent": "Overa",
        "Overa-Export-Version": VERSION,
        "Overa-Export": "everything" if selection.everything else "selection",
        "Overa-Records": str(done.records),
    }


@contextmanager
def _standing_still() -> Iterator[None]:
    """Read one state of the database for as long as it takes, while others write."""
    if connection.in_atomic_block:  # a test's: it sees one state already
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:  # Django's own would take the lock of a writer
        cursor = connection.cursor()
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")

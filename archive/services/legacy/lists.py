"""Bringing a list in, row by row; again, it makes nothing twice."""

from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext

from archive import store
from archive.filing import FiledEvent, FiledPaper, Filing
from archive.services import audit, numbering, records
from archive.services.legacy import scans
from archive.services.legacy.checking import Checked, Source, reference
from archive.services.legacy.rows import Draft
from archive.services.moving import events


def bring(
    checked: Checked, source: Source, *, by: audit.Actor, progress: Callable[[int], None]
) -> int:
    """Make the records, one transaction each; return how many are new. Raises FilingError."""
    made = 0
    for draft in checked.new:
        if draft.grave:
            continue
        with audit.transaction():
            record = records.file(_filing(draft, source), by=by)
            numbering.pass_over(record.case_number, record.file_number)
        made += 1
        progress(made)
    facts = {"list": source.sha256, "rows": len(checked.new) + len(checked.known), "new": made}
    with audit.transaction():
        audit.append(
            "archive.list_imported", subject="archive", by=by, stream=events.STREAM, facts=facts
        )
    return made


def _filing(draft: Draft, source: Source) -> Filing:
    said = draft.cells
    found = [
        scans.certificate(scans.inside(source.folder, name)) for name in draft.names("certificates")
    ]
    return Filing(
        reference=reference(draft.file_number),
        case_number=draft.case_number,
        file_number=draft.file_number,
        kind=draft.kind,
        state=draft.outcome,
        office_code=said["office_code"],
        office_name=said.get("office_name", ""),
        officer=said.get("officer", ""),
        surname=said["surname"],
        given_name=said["given_name"],
        jmbg=said.get("jmbg", ""),
        document_number=said.get("document_number", ""),
        email=said.get("email", ""),
        decided_on=draft.decided_on,
        certificates=tuple(found),
        about=draft.about,
        papers=tuple(_papers(draft, source.folder)),
        events=(_origin(draft, source),),
    )


def _papers(draft: Draft, folder: Path | None) -> Iterator[FiledPaper]:
    """Put the scans as they are and name them by their place in the row."""
    with translation.override(settings.LANGUAGE_CODE):
        title = gettext("Scanned file")
    for copy, name in enumerate(draft.names("scans"), 1):
        scan = scans.read(scans.inside(folder, name))
        data = scan.path.read_bytes()
        yield FiledPaper(
            "scan", copy, title, store.put(data), len(data), scan.pages, scan.media_type
        )


def _origin(draft: Draft, source: Source) -> FiledEvent:
    """Say from where the record came; what the list noted stands beside it."""
    with translation.override(settings.LANGUAGE_CODE):
        came = gettext("Brought in from the list %(name)s, line %(line)s") % {
            "name": source.name,
            "line": draft.line,
        }
    note = draft.cells.get("note", "")
    return FiledEvent(at=timezone.now().isoformat(), event=came[:300], actor="", note=note)

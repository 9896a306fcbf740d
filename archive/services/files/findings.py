"""Writing down what is wrong with a stored file, and that it is no longer."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from archive.models import FixityFinding
from archive.services import audit
from archive.store.errors import FileDamagedError, FileMissingError

Where, Kind, Ending = FixityFinding.Where, FixityFinding.Kind, FixityFinding.Ending
_KINDS = {FileMissingError: Kind.MISSING, FileDamagedError: Kind.DAMAGED}


def kind_of(fault: FileMissingError | FileDamagedError) -> FixityFinding.Kind:
    return _KINDS[type(fault)]


def note(name: str, where: str, kind: str, now: datetime) -> FixityFinding:
    """Open a finding, or say that it still stands; inside of audit.transaction()."""
    known = opened(where, [name]).first()
    if known:
        known.seen_at, known.kind = now, kind
        known.save(update_fields=["seen_at", "kind"])
        return known
    facts = {"where": where, "kind": kind}
    audit.append("files.found", subject=name, by=None, facts=facts)
    return FixityFinding.objects.create(
        name=name, where=where, kind=kind, found_at=now, seen_at=now
    )


def end(finding: FixityFinding, ending: str, now: datetime, *, by: audit.Actor | None) -> None:
    """End a finding; inside of audit.transaction()."""
    open_still = FixityFinding.objects.filter(pk=finding.pk, ended_at=None)
    if open_still.update(ended_at=now, ending=ending):
        facts = {"where": finding.where, "kind": finding.kind, "ending": ending}
        audit.append("files.finding_ended", subject=finding.name, by=by, facts=facts)


def opened(where: str, names: Iterable[str]) -> QuerySet[FixityFinding]:
    return FixityFinding.objects.filter(where=where, name__in=list(names), ended_at=None)

"""The counter forgets a person: of what is filed the archive alone knows, of the rest nobody.

Of a case stay ids, states, times and the number of its record.
"""

from collections.abc import Iterator
from datetime import datetime

from archive import store
from archive.filing import FiledEvidence
from archive.services import audit, blobs, evidence
from registration.models import Application
from registration.queries import dossier
from registration.queries import dropping as queries
from registration.queries.cases import record_of
from registration.services import cases, traces
from registration.workflow.states import State


def begin(now: datetime) -> list[int]:
    """Forget old letters; return the cases (ids) to go on with, one by one."""
    _drop_letters(now)
    waiting = (queries.unused(now), queries.due(now), queries.late())
    return [pk for found in waiting for pk in found.values_list("pk", flat=True)]


def go_on(case_id: int, now: datetime) -> bool:
    """End a case that nobody uses, drop the person of one that is due; tell whether it is done.

    Called again after a crash it does the same. Raises StoreError where a file is damaged.
    """
    case = Application.objects.get(pk=case_id)
    if queries.unused(now).filter(pk=case_id).exists():
        with audit.transaction():
            return _drop(cases.advance(case, "lapse", by=None), now)
    over = queries.due(now).filter(pk=case_id).exists()
    return (over or queries.late().filter(pk=case_id).exists()) and _drop(case, now)


def _drop(case: Application, now: datetime) -> bool:
    if queries.obstacles(case):
        return False
    seen = case.dropped_at
    handed = list(_evidence(case))  # the bytes are in the store before their rows
    with audit.transaction():
        case = cases.locked(case)
        if case.dropped_at != seen or queries.obstacles(case):
            return False
        if case.state == State.FILED:
            evidence.keep(case.record_reference, handed, case.applicant, by=None)
        files = traces.files(case) | {each.sha256 for each in handed}  # the record's own stay
        facts = {"kinds": traces.wipe(case), "record": case.record_reference}
        first = Application.objects.filter(pk=case.pk, dropped_at=None)
        first.update(dropped_at=now, version=case.version + 1)
        audit.append("case.drop_person", subject=case.number, by=None, facts=facts)
        blobs.drop(files, by=None)
    return True


def _evidence(case: Application) -> Iterator[FiledEvidence]:
    """Put what proves a filed case into the store; of a dropped one what came later.

    Where the record is destroyed already there is nothing to prove.
    """
    record = record_of(case)
    if case.state != State.FILED or record is None or record.destroyed:
        return
    made = list(case.certificates.all())
    told = dossier.said_later if case.dropped_at else dossier.files
    for each in made:
        yield from _put(each.serial, told(each))
    if not made and case.dropped_at is None:
        yield from _put("", dossier.of_case(case))


def _put(serial: str, files: dict[str, bytes]) -> Iterator[FiledEvidence]:
    for path, data in files.items():
        yield FiledEvidence(serial, path, store.put(data), len(data))


def _drop_letters(now: datetime) -> None:
    """Destroy letters that were printed long ago; that they were sent stays on record."""
    for run in queries.letters(now):
        with audit.transaction():
            queries.letters(now).filter(pk=run.pk).update(sha256="")
            audit.append("letters.drop", subject=f"letters.{run.pk}", by=None)
            blobs.drop([run.sha256], by=None)

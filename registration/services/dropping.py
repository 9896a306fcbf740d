"""The counter forgets a person: of what is filed the archive alone knows, of the rest nobody.

Of a case stay ids, states, times and the number of its record.
"""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from archive import store
from archive.filing import FiledEvidence
from archive.services import audit, evidence
from archive.services.files import blobs
from archive.services.records import FilingError
from registration.ca.errors import CAError
from registration.errors import RegistrationError
from registration.models import Application, Issuance, Notice
from registration.queries import dossier
from registration.queries import dropping as queries
from registration.queries.cases import record_of, stub_of
from registration.services import cases, seals, traces
from registration.workflow.states import State

AT_ONCE = 50  # cases, or printings of letters: few enough for others to come in between
FORESEEN = (store.StoreError, FilingError, CAError, RegistrationError, ObjectDoesNotExist)


def begin(now: datetime, *, since: datetime | None = None, after: int = 0) -> list[int]:
    """Forget old letters; return some cases (ids) to go on with, behind the one named.

    None once as many persons were forgotten since then as one night may; the next goes on.
    """
    _drop_letters(now)
    left = int(str(settings.OVERA["DROPPED_A_NIGHT"])) - queries.dropped_since(since or now)
    found = queries.waiting(now, after=after).values_list("pk", flat=True)
    return list(found[: max(0, min(AT_ONCE, left))])


def go_on(case_id: int, now: datetime) -> bool:
    """End a case that nobody uses, drop the person of one that is due; tell whether it is done.

    Called again after a crash it does the same. Raises one of FORESEEN where something of the case
    is damaged or missing, or changed meanwhile.
    """
    case = Application.objects.get(pk=case_id)
    if queries.unused(now).filter(pk=case_id).exists():
        return _lapse(case, now)
    over = queries.due(now).filter(pk=case_id).exists()
    return (over or queries.late(now).filter(pk=case_id).exists()) and _drop(case, now)


def note_failure(case_id: int, fault: Exception) -> None:
    """Write down, once until it is done, that the person of a case stays because of a fault."""
    case = queries.waiting(timezone.now()).filter(pk=case_id).first()
    if case is None or queries.failed(case):  # None: another worker was faster
        return
    with audit.transaction():
        facts = {"reason": type(fault).__name__}
        audit.append(queries.FAILED, subject=case.number, by=None, facts=facts)


def _lapse(case: Application, now: datetime) -> bool:
    with audit.transaction():
        cases.locked(case)
        if not queries.unused(now).filter(pk=case.pk).exists():  # somebody came to it just now
            return False
        return _drop(cases.advance(case, "lapse", by=None), now)


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
        if stub_of(case):
            _end_what_waits(case, now)
        files = traces.files(case) | {each.sha256 for each in handed}  # the record's own stay
        facts = {"kinds": traces.wipe(case), "record": case.record_reference}
        first = Application.objects.filter(pk=case.pk, dropped_at=None)
        first.update(dropped_at=now, version=case.version + 1)
        audit.append(queries.DROPPED, subject=case.number, by=None, facts=facts)
        blobs.drop(files, by=None)
    return True


def _end_what_waits(case: Application, now: datetime) -> None:
    """Ask nobody any longer for what can come no more to a case whose record is destroyed."""
    seals.leave(case)
    case.notices.filter(state=Notice.State.WAITING).update(
        state=Notice.State.NOT_NEEDED, done_at=now
    )
    owed = case.issuances.filter(acceptance=Issuance.Acceptance.OWED)
    owed.update(acceptance=Issuance.Acceptance.NONE)


def _evidence(case: Application) -> Iterator[FiledEvidence]:
    """Put what proves a filed case into the store; of a dropped one what came later.

    Where the record is destroyed already there is nothing to prove.
    """
    if case.state != State.FILED or record_of(case) is None:
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
    for run in queries.letters(now).order_by("pk")[:AT_ONCE]:
        with audit.transaction():
            queries.letters(now).filter(pk=run.pk).update(sha256="")
            audit.append("letters.drop", subject=f"letters.{run.pk}", by=None)
            blobs.drop([run.sha256], by=None)

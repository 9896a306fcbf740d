"""An office that seals: its settings, and what lies in its tables."""

from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from archive.models import AuditEvent, Record
from registration.models import Application, PaperSeal
from registration.seals.base import KeyFile
from registration.seals.errors import SealError
from registration.services import seals
from tests.seals.stamper import Stamper

State = PaperSeal.State


def section(server: Stamper, key: KeyFile, folder: Path, level: str = "B-T") -> dict[str, str]:
    """Return the settings as the environment would give them."""
    roots = folder / "roots.pem"
    roots.write_bytes(server.pki.root.pem)
    return {
        "LEVEL": level,
        "KEY_FILE": str(key.path),
        "PASSPHRASE_FILE": str(key.passphrase),
        "ROOTS": str(roots),
        "TSA": f"{server.pki.address}/stamp",
        "PATIENCE": "5",
    }


def rows(case: Application) -> list[PaperSeal]:
    found = PaperSeal.objects.filter(paper__application=case)
    return list(found.order_by("paper__position"))


def states(case: Application) -> list[str]:
    return [row.state for row in rows(case)]


def record(case: Application) -> Record:
    return Record.objects.get(reference=case.record_reference)


def sweep(later: timedelta = timedelta(0)) -> list[str | None]:
    """Make what is due, as the worker does after a sweep; return what hindered each."""
    _let_pass(later)
    return [_reason(seals.perform(each)) for each in seals.due(timezone.now())]


def waits(row: PaperSeal) -> int:
    """Return for how many minutes a paper waits from now."""
    row.refresh_from_db()
    return round((row.due_at - timezone.now()) / timedelta(minutes=1))


def events(name: str) -> list[dict[str, object]]:
    return [event.facts for event in AuditEvent.objects.filter(event=name).order_by("number")]


def _let_pass(time: timedelta) -> None:
    for row in PaperSeal.objects.filter(state=State.WAITING):
        row.due_at -= time
        row.claimed_until = _before(row.claimed_until, time)
        row.save()


def _before(moment: datetime | None, time: timedelta) -> datetime | None:
    return None if moment is None else moment - time


def _reason(fault: SealError | None) -> str | None:
    return fault.reason if fault else None

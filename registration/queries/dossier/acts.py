"""What was done in a case that brought no certificate, as a file of its evidence."""

from typing import Any

from registration.models import Application, StatusRequest, Unblocking
from registration.queries import status_requests
from registration.queries.dossier.making import journaled
from registration.queries.dossier.writing import name_of


def of(case: Application) -> dict[str, Any]:
    unblocked = Unblocking.objects.filter(application=case).first()
    changed = status_requests.of(case)
    return {
        "reported_by": case.reported_by,
        "closing_reason": case.closing_reason,
        "unblocking": _unblocking(unblocked) if unblocked else None,
        "status": _status(changed) if changed else None,
    }


def _unblocking(row: Unblocking) -> dict[str, Any]:
    return {
        "choice": row.choice,
        "desk": row.desk.code if row.desk else None,
        "ordered_by": name_of(row.ordered_by),
        "card": row.card,
        "statement": row.statement,
        "done_at": row.done_at.isoformat() if row.done_at else None,
        "journal": journaled(row.journal.all()),
    }


def _status(row: StatusRequest) -> dict[str, Any]:
    moments = vars(status_requests.moments(row.application))
    return {
        "change": row.change,
        "reason": row.code,
        "serials": row.application.serials,
        "decided_by": name_of(row.decided_by),
        "moments": {name: at.isoformat() if at else None for name, at in moments.items()},
        "told": row.told,
        "journal": journaled(row.journal.all()),
    }

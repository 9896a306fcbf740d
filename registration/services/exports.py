"""Reports that leave the system as files: who took which."""

from collections.abc import Mapping

from archive.services import audit
from registration.models import User


def note(report: str, *, filters: Mapping[str, str], rows: int, by: User) -> None:
    """Write to the audit that somebody took a report away."""
    facts = {"report": report, "filters": dict(filters), "rows": rows}
    with audit.transaction():
        audit.append("report.export", subject=f"report.{report}", by=by, facts=facts)

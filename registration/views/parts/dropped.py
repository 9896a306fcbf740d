"""The page of a case whose person the counter has forgotten: what stays, and where the rest is."""

from collections.abc import Mapping
from typing import Any

from registration.models import Application
from registration.queries import cases
from registration.views.parts import renewing, status
from registration.workflow.states import State


def shown(application: Application, bound: Mapping[str, Any], *, acting: bool) -> dict[str, Any]:
    """Return what the template needs; nothing of it is about the person."""
    links = renewing.shown(application) if application.state == State.FILED else {}
    return {
        "case": application,
        "record": cases.record_of(application),
        "stub": cases.stub_of(application),
        "certificates": application.certificates.select_related("published").order_by(
            "received_at"
        ),
        **status.beside(application, bound, acting=acting),
        **links,
    }

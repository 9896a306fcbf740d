"""Which change leads where, for which reason, and by when."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from cryptography import x509

from registration.workflow import status
from registration.workflow.requests import StatusChange
from registration.workflow.status import Clock, Reason, Status

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
LEADS = {
    ("revoke", "active"): "revoked",
    ("revoke", "suspended"): "revoked",
    ("suspend", "active"): "suspended",
    ("reactivate", "suspended"): "active",
}


@pytest.mark.parametrize(("change", "source"), list(product(StatusChange, Status)))
def test_a_change_leads_on_exactly_from_there(change: StatusChange, source: Status) -> None:
    led = status.target(change) if status.possible(change, source) else None
    assert led == LEADS.get((change, source))


@pytest.mark.parametrize(
    ("change", "reason", "number"),
    [
        ("revoke", Reason.LOST, 1),
        ("revoke", Reason.DATA, 3),
        ("revoke", Reason.REPLACED, 4),
        ("revoke", Reason.DIED, 5),
        ("revoke", Reason.WISH, 5),
        ("suspend", Reason.DOUBT, 6),
        ("suspend", Reason.WISH, 6),
        ("reactivate", Reason.FOUND, 8),
        ("reactivate", Reason.WISH, 8),
    ],
)
def test_each_reason_has_its_number_in_the_list(change: str, reason: str, number: int) -> None:
    numbers = {  # RFC 5280, 5.3.1
        "keyCompromise": 1,
        "affiliationChanged": 3,
        "superseded": 4,
        "cessationOfOperation": 5,
        "certificateHold": 6,
        "removeFromCRL": 8,
    }
    code = status.code(change, reason)
    assert (numbers[code], x509.ReasonFlags(code).value) == (number, code)


def test_a_reason_of_another_change_has_none() -> None:
    assert (status.code("suspend", "lost"), status.code("", "")) == ("", "")


@pytest.mark.parametrize(("minutes", "late"), [(59, False), (60, False), (61, True)])
def test_a_clock_tells_what_is_late(minutes: int, late: bool) -> None:  # noqa: FBT001
    running = Clock(NOON, timedelta(hours=1))
    at = NOON + timedelta(minutes=minutes)
    assert running.overdue(at) is late
    stopped = Clock(NOON, timedelta(hours=1), stopped=at)
    assert stopped.overdue(at + timedelta(days=1)) is late

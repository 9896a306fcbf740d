"""Cases of Obrazac 2 without a desk: its answers are given by the test."""

from typing import Any

from archive.services import audit
from cardops import messages
from cardops.messages import Message
from registration.models import Application, Desk, Unblocking, User
from registration.services import unblockings
from tests.pages import counter

OPTIONS = {"keep": "1", "change": "2"}
DONE = {"before": False, "pin_entries": 1, "puk_replaced": False}


def asked(choice: str = "change") -> dict[str, Any]:
    """Return the choices of a case of Obrazac 2, for `tests.pages.counter`."""
    return {"procedure": "unblock", "pin_choice": choice, "contract_requested": False}


def signed(officer: User, desk: Desk, choice: str = "change", **more: Any) -> Application:
    return counter.signed(officer, desk, **asked(choice), **more)


def ordered(officer: User, desk: Desk, choice: str = "change", **more: Any) -> Unblocking:
    return order(signed(officer, desk, choice, **more), officer, desk)


def order(case: Application, officer: User, desk: Desk, *, agreed: bool = False) -> Unblocking:
    option = OPTIONS[case.pin_choice]
    return unblockings.order(case, desk, option=option, last_try_agreed=agreed, by=officer)


def performed(officer: User, desk: Desk, choice: str = "change", **more: Any) -> Application:
    row = ordered(officer, desk, choice, **more)
    answer(row, "pin-unblocked", DONE)
    return Application.objects.get(pk=row.application_id)


def fail(row: Unblocking, code: str, **facts: Any) -> None:
    answer(row, "failed", {"during": "unblock-pin", "code": code, "facts": facts})


def answer(row: Unblocking, kind: str, body: dict[str, Any], desk: Desk | None = None) -> None:
    """Let a desk say something about an unblocking."""
    speaker = desk or row.desk
    assert speaker is not None
    message = Message(
        desk=speaker.code,
        type=kind,
        message_id=messages.new_id(),
        sequence=1,
        issued_at=0,
        expires_at=0,
        case=row.application.number,
        issuance=str(row.pk),
        step=unblockings.STEP,
        body=body,
    )
    with audit.transaction():
        unblockings.receive(speaker, message)
    row.refresh_from_db()

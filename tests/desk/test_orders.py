"""The queue that desks write to takes messages of desks, no orders to the server."""

from typing import Any

import pytest
from celery.app.trace import build_tracer

from archive.models import AuditEvent
from config.celery import app
from config.orders import sign
from registration import tasks

pytestmark = pytest.mark.django_db


def done(name: str, *args: Any, **headers: Any) -> str:
    """Let a worker's own machinery do what stands in a queue; return what became of it."""
    told = {"id": "an-id", "task": name, "args": args, "kwargs": {}, "is_eager": False} | headers
    outcome = build_tracer(name, app.tasks[name], app=app)("an-id", args, {}, request=told)
    return type(outcome.info.retval).__name__ if outcome.info else "done"


def ordered(name: str, *args: Any) -> dict[str, Any]:
    headers: dict[str, Any] = {"id": "an-id"}
    sign(name, headers=headers, body=(args, {}, {}))
    return headers


@pytest.mark.parametrize(
    ("name", "args"),
    [
        (tasks.sweep.name, ()),
        (tasks.conclude.name, ("0" * 32,)),
        (tasks.sign_audit_head.name, ()),
        ("celery.map", ({"task": tasks.sweep.name}, [[]])),
    ],
)
def test_what_the_server_did_not_order_is_not_done(name: str, args: tuple[Any, ...]) -> None:
    assert done(name, *args) == "PermissionDenied"
    for_another = ordered(tasks.sweep_scans.name)
    assert done(name, *args, **for_another) == "PermissionDenied"


def test_what_the_server_ordered_is_done() -> None:
    assert done(tasks.sweep.name, **ordered(tasks.sweep.name)) == "done"


def test_a_desks_message_needs_no_order_and_brings_none_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(app, "send_task", lambda *args, **_how: sent.append(args))
    monkeypatch.setattr(app.amqp, "send_task_message", lambda *args, **_how: sent.append(args))
    follow = {
        "task": tasks.sweep.name,
        "args": [],
        "kwargs": {},
        "options": {},
        "subtask_type": None,
    }
    assert done(tasks.deliver.name, "nonsense", callbacks=[follow], chain=[follow]) == "done"
    assert sent == []
    assert AuditEvent.objects.get().facts == {"reason": "malformed"}

"""Takes what desks say: a message is accepted and acted upon in one transaction, or refused."""

import logging
from datetime import timedelta

from django.utils import timezone

from archive.models import AuditEvent
from archive.services import audit
from cardops import messages
from cardops.errors import MessageError
from cardops.messages import Message
from registration.models import Desk
from registration.services import answers, desks, diagnoses, readings, unblockings
from registration.services.answers import Next

_EVENT = "desk.message"
_ONCE_IN = timedelta(minutes=10)  # the same refusal of the same desk, which may come every second

log = logging.getLogger(__name__)


def receive(text: object) -> Next | None:
    """Return what is to be done next; what is refused is audited and changes nothing.

    A fault of ours while acting upon a message is audited like a refusal, and raised.
    """
    try:
        with audit.transaction():
            return _act(*desks.accept(text))
    except MessageError as fault:
        _refuse(text, fault.reason)
        if fault.reason == "expired":
            desks.note_clock(_named(text), **fault.facts)
        return None
    except Exception:
        _refuse(text, "fault")
        raise


def _act(desk: Desk, message: Message) -> Next | None:
    if message.type == "hello":
        return None
    if message.step == unblockings.STEP:
        unblockings.receive(desk, message)
        return None
    if message.issuance:
        return answers.receive(desk, message)
    receiver = diagnoses if _is_of_diagnosis(message) else readings
    receiver.receive(desk, message)
    return None


def _is_of_diagnosis(message: Message) -> bool:
    return message.type == diagnoses.ANSWER or message.body.get("during") == diagnoses.COMMAND


def _refuse(text: object, reason: str) -> None:
    """Log a refusal, and audit it unless the same was audited a moment ago.

    A desk that was switched off, or whose clock is wrong, is refused every few seconds.
    """
    named = _named(text)
    log.warning("a message of desk %s was refused: %s", named, reason)
    lately = AuditEvent.objects.filter(
        subject=named, event=f"{_EVENT}.refused", at__gte=timezone.now() - _ONCE_IN
    )
    if not lately.filter(facts__reason=reason).exists():
        audit.refuse(_EVENT, subject=named, by=None, reason=reason)


def _named(text: object) -> str:
    """Return the code of the desk that the message claims to be from, "unknown" for no desk's."""
    try:
        code = messages.desk_of(text)
    except MessageError:
        return "unknown"
    return code if Desk.objects.filter(code=code).exists() else "unknown"

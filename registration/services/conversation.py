"""Takes what desks say: a message is accepted and acted upon in one transaction, or refused."""

from archive.services import audit
from cardops import messages
from cardops.errors import MessageError
from cardops.messages import Message
from registration.models import Desk
from registration.services import answers, desks, diagnoses, readings, unblockings
from registration.services.answers import Next


def receive(text: str) -> Next | None:
    """Return what is to be done next; what is refused is audited and changes nothing."""
    try:
        with audit.transaction():
            return _act(*desks.accept(text))
    except MessageError as fault:
        audit.refuse("desk.message", subject=_named(text), by=None, reason=fault.reason)
        return None


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


def _named(text: str) -> str:
    try:
        return messages.desk_of(text)[:40]
    except MessageError:
        return "unknown"

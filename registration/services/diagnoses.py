"""Cards examined at a desk: asked for, answered, or never answered, which is a finding too."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from archive.services import audit
from cardops.diagnose import Code, Diagnosis, Finding, Seen
from cardops.errors import MessageError
from cardops.messages import Message
from registration import errors
from registration.models import Application, CardDiagnosis, Desk, User
from registration.services import bodies, desks
from registration.services.desks import About, Outgoing

COMMAND, ANSWER = "diagnose", "diagnosed"

_SILENT = Diagnosis((Finding(Code.DESK_SILENT, {}),), Seen())


def ask(desk: Desk, *, by: User, application: Application | None = None) -> CardDiagnosis:
    """Note that an officer wants the card in this desk's reader examined.

    A desk that gives no sign of life answers at once, with that.
    """
    if by.office is None or (application is not None and application.office_id != by.office_id):
        raise errors.ForeignOfficeError
    if application is not None and application.dropped_at:
        raise errors.NotNowError
    with audit.transaction():
        asked = CardDiagnosis.objects.create(desk=desk, asked_by=by, application=application)
        audit.append("card.examine", subject=_subject(asked), by=by, facts={"desk": desk.code})
        try:
            desks.require_free(desk, by.office)
        except errors.SilentDeskError:
            _answer(asked, _SILENT)
    return asked


def command(diagnosis_id: str) -> Outgoing | None:
    """Return what to send to the desk; None when it was answered already."""
    asked = CardDiagnosis.objects.select_related("desk").get(pk=diagnosis_id)
    if asked.answered_at is not None:
        return None
    return desks.compose(asked.desk, COMMAND, {}, About(step=str(asked.pk)))


def receive(desk: Desk, message: Message) -> None:
    """Write a desk's answer to its question; raise MessageError where none waits for it."""
    asked = _waiting(desk, message)
    if message.type == "failed":
        code = Code.of(bodies.code(message.body, "code"))
        found = Diagnosis((Finding(code, bodies.facts(message.body.get("facts"))),), Seen())
    else:
        found = _read(message)
    _answer(asked, found)
    facts = {"desk": desk.code, "findings": [finding.code.value for finding in found.findings]}
    audit.append("card.examined", subject=_subject(asked), by=asked.asked_by, facts=facts)


def result(asked: CardDiagnosis) -> Diagnosis | None:
    """Return what was found; None while the desk looks."""
    return None if asked.found is None else Diagnosis.from_json(asked.found)


def sweep(now: datetime) -> None:
    """Say of a desk that did not answer that it is silent; forget what is long over."""
    patience = timedelta(seconds=int(str(settings.OVERA["DESK_SILENT_AFTER"])))
    late = CardDiagnosis.objects.filter(answered_at=None, asked_at__lt=now - patience)
    for silent in late:
        with audit.transaction():
            asked = CardDiagnosis.objects.select_for_update(no_key=True).get(pk=silent.pk)
            if asked.answered_at is None:  # no answer came in the meantime
                _answer(asked, _SILENT)
    kept = timedelta(days=int(str(settings.OVERA["DIAGNOSES_KEPT"])))
    CardDiagnosis.objects.filter(answered_at__lt=now - kept).delete()


def _answer(asked: CardDiagnosis, found: Diagnosis) -> None:
    asked.found, asked.answered_at = found.to_json(), timezone.now()
    asked.save(update_fields=["found", "answered_at"])


def _read(message: Message) -> Diagnosis:
    try:
        found = Diagnosis.from_json(message.body["diagnosis"])
        bodies.plain(found.to_json())
    except (AttributeError, KeyError, TypeError, ValueError) as fault:
        raise MessageError("body") from fault
    return found


def _waiting(desk: Desk, message: Message) -> CardDiagnosis:
    open_ = CardDiagnosis.objects.select_for_update(no_key=True).filter(desk=desk, answered_at=None)
    try:
        return open_.get(pk=message.step)
    except (CardDiagnosis.DoesNotExist, ValidationError) as fault:
        raise MessageError("diagnosis") from fault


def _subject(asked: CardDiagnosis) -> str:
    """Return the case that the audit files it under, or its own id where there is no case."""
    return asked.application.number if asked.application else str(asked.pk)

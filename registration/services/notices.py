"""Tells people that their certificates expire: written down before and after, never twice."""

import smtplib
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import mail
from django.utils import timezone

from archive.services import audit
from registration.documents import contexts
from registration.documents import notice as letter
from registration.documents.contexts import CaseContext, Values
from registration.models import Application, Notice, Paper
from registration.queries import cases, notices, wording
from registration.queries.notices import Due
from registration.rules.scripts import Script

_LEASE = timedelta(minutes=10)  # a sending that has not ended by then was lost with its worker
State, Channel = Notice.State, Notice.Channel


class NotSentError(Exception):
    """The e-mail did not leave; `code` is stable and names nobody."""

    def __init__(self, code: str, *, certain: bool) -> None:
        super().__init__(code)
        self.code, self.certain = code, certain


def prepare(now: datetime) -> int:
    """Make the notices that are due today; return how many."""
    made = 0
    for due in notices.due(timezone.localdate(now)):
        made += _make(due, now)
    return made


def sweep(now: datetime) -> list[str]:
    """Return the e-mails to send now; one whose sending broke off may have left: never again."""
    lost = Notice.objects.filter(state=State.SENDING, due_at__lt=now - _LEASE)
    lost.update(state=State.UNCERTAIN, failure="broken-off", done_at=now)
    return [str(pk) for pk in notices.to_send(now).values_list("pk", flat=True)]


def send(notice_id: str) -> None:
    """Send one e-mail that is due, outside of any transaction; others are left alone."""
    claimed = _claim(notice_id)
    if claimed is None:
        return
    try:
        _deliver(claimed)
    except NotSentError as fault:
        _note_failure(claimed, fault)
    else:
        _end(claimed, State.SENT, "notice.sent", {})


def context(application: Application, ends_on: date) -> CaseContext:
    """Return what a notice says about a case."""
    office = application.office
    return CaseContext(
        case_number=application.number,
        run=0,
        procedure=application.procedure,
        applicant=cases.applicant_of(application),
        email_choice=application.email_choice,
        contract_requested=application.contract_requested,
        contract_waiver=application.contract_waiver,
        office_code=office.code,
        office_name=office.name,
        office_place=office.place,
        office_address=office.address or office.place,
        officer="",
        printed_on=timezone.localdate(),
        script=Script(application.script),
        certificate_until=ends_on,
    )


def values(application: Application, ends_on: date) -> Values:
    """Return the fields that a notice may show."""
    return contexts.values(context(application, ends_on))


def _make(due: Due, now: datetime) -> bool:
    by_email = bool(settings.OVERA["NOTICES"]["SENDER"] and _address(due.application))
    _notice, made = Notice.objects.get_or_create(
        application=due.application,
        ends_on=due.ends_on,
        days=due.days,
        defaults={"channel": Channel.EMAIL if by_email else Channel.LETTER, "due_at": now},
    )
    return made


def _address(application: Application) -> str:
    """Return where to write: what was given for this, else what stands in the certificate."""
    applicant = cases.applicant_of(application)
    return applicant.contact_email or applicant.certificate_email


def _claim(notice_id: str) -> Notice | None:
    now = timezone.now()
    with audit.transaction():
        due = notices.to_send(now).filter(pk=notice_id)
        if not due.update(state=State.SENDING, due_at=now):  # another worker has it
            return None
        found = Notice.objects.select_related("application__office").get(pk=notice_id)
        found.tries += 1
        if not notices.wanted(found.application, found.ends_on):
            found.state, found.done_at = State.NOT_NEEDED, now
        found.save()
    return found if found.state == State.SENDING else None


def _deliver(claimed: Notice) -> None:
    """Raise NotSentError, which says whether it is certain that nothing left."""
    application = claimed.application
    version = wording.current(str(Paper.Kind.NOTICE), timezone.localdate())
    written = letter.email(context(application, claimed.ends_on), version)
    sender = settings.OVERA["NOTICES"]["SENDER"]
    to = [_address(application)]
    connection = mail.get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as fault:  # nothing was said yet
        raise NotSentError(f"server-{_code(fault)}", certain=True) from fault
    message = mail.EmailMessage(written.subject, written.body, sender, to, connection=connection)
    try:
        message.send()
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, ValueError) as fault:
        raise NotSentError(_code(fault), certain=True) from fault
    except (OSError, smtplib.SMTPException) as fault:  # the answer is missing, not the e-mail
        raise NotSentError(_code(fault), certain=False) from fault
    finally:
        connection.close()


def _code(fault: Exception) -> str:
    """Name a failure without the address that it may quote."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return f"smtp-{next(iter(fault.recipients.values()))[0]}"
    if isinstance(fault, smtplib.SMTPSenderRefused):
        return f"sender-smtp-{fault.smtp_code}"
    if isinstance(fault, smtplib.SMTPResponseException):
        return f"smtp-{fault.smtp_code}"
    return "unreachable" if isinstance(fault, OSError) else "address-not-readable"


def _note_failure(claimed: Notice, fault: NotSentError) -> None:
    claimed.failure = fault.code
    if not fault.certain:
        _end(claimed, State.UNCERTAIN, "notice.uncertain", {"code": fault.code})
        return
    section = settings.OVERA["NOTICES"]
    now = timezone.now()
    waits = timedelta(minutes=section["AGAIN_MINUTES"] * 2 ** (claimed.tries - 1))
    with audit.transaction():
        claimed.state, claimed.due_at = State.WAITING, now + waits
        if claimed.tries >= section["TRIES"] or _is_final(fault):  # then by post
            claimed.channel, claimed.due_at = Channel.LETTER, now
        claimed.save()
        _note(claimed, "notice.failed", {"code": fault.code, "tries": claimed.tries})


def _is_final(fault: NotSentError) -> bool:
    """Tell whether this address will never take it (RFC 5321, 4.2.1); a server may be mended."""
    return fault.code.startswith("smtp-5") or fault.code == "address-not-readable"


def _end(claimed: Notice, state: str, event: str, facts: dict[str, Any]) -> None:
    with audit.transaction():
        claimed.state, claimed.done_at = state, timezone.now()
        claimed.save()
        _note(claimed, event, facts)


def _note(claimed: Notice, event: str, facts: dict[str, Any]) -> None:
    about = {"days": claimed.days, "ends_on": claimed.ends_on.isoformat()}
    audit.append(event, subject=claimed.application.number, by=None, facts=about | facts)

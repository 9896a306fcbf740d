"""What happened in a case, in plain words."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from archive.models import AuditEvent
from archive.services import audit
from registration.models import Application, User
from registration.queries import certificates

SENTENCES = {
    "case.open": _("Case opened"),
    "case.amend": _("Data corrected"),
    "case.correct": _("Data corrected; what changed by it is printed again"),
    "case.identify": _("Identity checked"),
    "card.ask": _("Card to be read"),
    "card.read": _("Card read"),
    "card.examine": _("Card to be examined"),
    "card.examined": _("Card examined"),
    "case.print": _("Packet printed"),
    "case.reprint": _("Packet printed again"),
    "case.receipt": _("Receipt printed"),
    "signature.record": _("Signature recorded"),
    "signature.withdraw": _("Signature taken back"),
    "sheet.altered": _("Scanned page refused: its print was changed by hand"),
    "case.sign": _("All signatures on record"),
    "case.unsign": _("A signature became missing"),
    "case.start_issuing": _("Making of the certificate started"),
    "issuance.interrupt": _("Making of the certificate interrupted"),
    "issuance.resume": _("Making of the certificate went on"),
    "certificate.issue": _("Certificate issued by the certification body"),
    "certificate.told": _("The certification body knows that the certificate is on the card"),
    "certificate.refused": _("The certification body did not accept the confirmation"),
    "certificate.reject": _("Rejected at the certification body: the certificate is not used"),
    "certificate.revoke": _("Certificate revoked"),
    "certificate.seen_valid": _("The certification body publishes as valid again"),
    "certificate.seen_suspended": _("The certification body publishes as suspended"),
    "certificate.seen_revoked": _("The certification body publishes as revoked"),
    "notice.sent": _("Notice of the expiry sent by e-mail"),
    "notice.failed": _("Notice of the expiry could not be sent by e-mail"),
    "notice.uncertain": _("Notice of the expiry perhaps sent by e-mail"),
    "notice.printed": _("Notice of the expiry printed as a letter"),
    "certificate.suspend": _("Certificate suspended"),
    "certificate.reactivate": _("Certificate reactivated"),
    "status.decide": _("Change of the status decided, the certification body is asked"),
    "status.interrupt": _("The certification body refused the change of the status"),
    "case.change_status": _("The certification body confirmed the change of the status"),
    "status.publish": _("The change of the status is published"),
    "status.tell": _("The citizen was told of the change"),
    "case.confirm": _("Certificate on the card, read back and proven"),
    "case.give_up": _("Making of the certificate given up"),
    "case.recall": _("Certificate recalled before the hand-over"),
    "unblocking.order": _("Unblocking of the PIN started"),
    "unblocking.interrupt": _("Unblocking of the PIN interrupted"),
    "unblocking.late": _("The desk said late that it had unblocked the PIN"),
    "case.perform": _("PIN unblocked at the desk"),
    "case.perform_elsewhere": _("PIN unblocked elsewhere"),
    "evidence.take": _("Evidence of the certificate taken"),
    "case.hand_over": _("Card and copies handed over"),
    "case.withdraw": _("Request withdrawn by the citizen"),
    "case.refuse": _("Request refused"),
    "case.lapse": _("Case left alone for long, ended by the system"),
    "case.drop_person": _("Data of the person dropped at the counter"),
    "case.drop_failed": _("Data of the person could not be dropped, it is tried again"),
    "case.file": _("Case filed"),
    "case.ask_for_seals": _("Electronic seals of the papers asked for"),
    "paper.seal_failed": _("A paper could not be sealed electronically"),
    "paper.seal_given_up": _("The electronic seal of a paper given up"),
}

_ON_PAPERS = ("signature.record", "sheet.confirm", "scan.keep")


def sentence(event: AuditEvent, kinds: Mapping[str, str]) -> str:
    """Say what happened; of a certificate also which: its kind is found by its serial."""
    said = str(SENTENCES.get(event.event, event.event))
    kind = kinds.get(event.facts.get("serial", ""))
    return f"{said}: {kind}" if kind else said


def kinds(application: Application) -> dict[str, str]:
    """Return the kinds of the certificates that a case made or is about, by their serials."""
    found = (*application.certificates.all(), *certificates.about(application))
    return {each.serial: each.get_role_display() for each in found}


def names(events: Iterable[AuditEvent]) -> dict[str, Any]:
    """Return the full names of those who acted, by what the audit calls them."""
    actors = User.objects.filter(username__in={event.actor for event in events})
    known = {each.username: each.get_full_name() or each.username for each in actors}
    return known | {audit.SYSTEM: _("the system")}


def of_case(application: Application) -> Iterator[AuditEvent]:
    """Yield what was decided in a case, the first first; signatures and scans are on the papers."""
    events = AuditEvent.objects.filter(subject=application.number, stream=audit.DECISIONS)
    yield from events.exclude(event__in=_ON_PAPERS).order_by("number")


def was_refused(application: Application) -> bool:
    """Tell whether the office ended the case, and not the citizen; its state says filed later."""
    events = AuditEvent.objects.filter(subject=application.number, stream=audit.DECISIONS)
    return events.filter(event="case.refuse").exists()

"""What a renewal renews: for each kind of certificate the one that the person has still."""

from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from registration.models import Application, CardReading, Certificate, Issuance
from registration.queries import cases, certificates, issuances
from registration.rules import digits, renewal
from registration.rules.applicant import Applicant
from registration.rules.findings import Finding
from registration.rules.renewal import Known
from registration.workflow.issuance import Stage
from registration.workflow.states import Procedure
from registration.workflow.status import Status

_SUCCESSORS = Issuance.objects.filter(
    renews_serial=OuterRef("serial"),
    renews_issuer=OuterRef("issuer"),
    stage=Stage.CONFIRMED,
    certificate__revoked_at=None,
)


def of(
    applicant: Applicant,
    procedure: str,
    reading: CardReading | None,
    case: Application | None = None,
) -> tuple[Finding, ...]:
    """Find what stands against a renewal today where one is asked for; `case`: if it is open."""
    if procedure != Procedure.RENEW:
        return ()
    jmbg = digits.clean(applicant.jmbg)
    known = [_known(jmbg, role, reading, case) for role in issuances.roles()]
    return tuple(
        renewal.check(
            known,
            read=_stored(jmbg, reading) is not None,
            window=int(settings.OVERA["RENEWAL_WINDOW_DAYS"]),
            now=timezone.now(),
            today=timezone.localdate(),
        )
    )


def predecessor(case: Application, role: str) -> Known | None:
    """Return what a case renews, or would if it may; None where nobody knows whose case it was."""
    if not cases.known(case):
        return None
    jmbg = digits.clean(cases.applicant_of(case).jmbg)
    return _known(jmbg, role, last_read(case), case)


def last_read(case: Application) -> CardReading | None:
    """Return the last card of the case that a desk could read."""
    return case.card_readings.filter(result=CardReading.Result.READ).last()


def named(issuance: Issuance) -> Known | None:
    """Return what an issuance renews, as it was named when it was begun."""
    serial, until = issuance.renews_serial, issuance.renews_until
    return _of(serial, issuance.renews_issuer, until, Status.ACTIVE) if serial else None


def issued_here(known: Known | None) -> Certificate | None:
    """Return its row, if it is one of ours."""
    if known is None:
        return None
    found = Certificate.objects.filter(serial=known.serial, issuer=known.issuer)
    return found.select_related("application__office").first()


def successor(certificate: Certificate) -> Issuance | None:
    """Return the making that brought the certificate which renews this one."""
    found = Issuance.objects.filter(
        renews_serial=certificate.serial, renews_issuer=certificate.issuer, stage=Stage.CONFIRMED
    ).filter(certificate__revoked_at=None)
    return found.select_related("certificate", "application__office").last()


def without_renewed(found: QuerySet[Certificate]) -> QuerySet[Certificate]:
    """Leave out what a later certificate that still stands has renewed."""
    return found.exclude(Exists(_SUCCESSORS))


def _known(
    jmbg: str, role: str, reading: CardReading | None, case: Application | None
) -> Known | None:
    """Return the best of what is there: begun upon, issued here, on the card; None for nothing."""
    found = [*_begun(role, case), *_issued_here(jmbg, role, case), *_on_card(jmbg, role, reading)]
    return min(found, key=_rank, default=None)


def _rank(known: Known) -> tuple[bool, bool]:
    return known.until < timezone.now(), known.status != Status.ACTIVE


def _begun(role: str, case: Application | None) -> list[Known]:
    """Return what the case itself began to renew: its key is gone, the signed request stays good.

    Only a certificate that was active got so far.
    """
    if case is None:
        return []
    begun = case.issuances.filter(role=role, replaced_serial=F("renews_serial"))
    return [known for each in begun.order_by("-started_at") if (known := named(each))]


def _issued_here(jmbg: str, role: str, case: Application | None) -> list[Known]:
    proven = Q(role=role, issuance__stage=Stage.CONFIRMED)
    found = without_renewed(certificates.of_person(jmbg).filter(proven)).exclude(application=case)
    return [_of(each.serial, each.issuer, each.not_after, each.status) for each in found]


def _on_card(jmbg: str, role: str, reading: CardReading | None) -> list[Known]:
    """Return what was issued elsewhere; of our own the database knows more than the card."""
    shown = [each for each in _stored(jmbg, reading) or () if each["role"] == role]
    ours = set(certificates.of_person(jmbg).values_list("serial", flat=True))
    return [
        _of(each["serial"], each["issuer"], parse_datetime(each["until"]), Status.ACTIVE)
        for each in shown
        if each["serial"] not in ours
    ]


def _stored(jmbg: str, reading: CardReading | None) -> list[dict[str, Any]] | None:
    """Return what this person's card holds; None where nobody looked."""
    if reading is None or not reading.card or reading.card["person"]["jmbg"] != jmbg:
        return None
    return reading.certificates


def _of(serial: str, issuer: str, until: Any, status: str) -> Known:
    return Known(serial, issuer, until, timezone.localdate(until), str(status))

"""Which certificates a case has, is about, or a person has."""

from django.db.models import Q, QuerySet

from archive import queries as archived
from archive import vault
from archive.models import RecordEvidence
from archive.services import evidence, inspection
from registration import errors
from registration.models import Application, Certificate
from registration.queries import cases
from registration.rules import digits


def live(application: Application) -> QuerySet[Certificate]:
    """Return the certificates that are not revoked, at most one of each role, as they came."""
    return application.certificates.filter(revoked_at=None).order_by("received_at")


def about(application: Application) -> list[Certificate]:
    """Return the certificates whose status a case of Obrazac 3 is to change, as it names them."""
    found = {
        each.serial: each for each in Certificate.objects.filter(serial__in=application.serials)
    }
    return [found[serial] for serial in application.serials]


def of_person(jmbg: str) -> QuerySet[Certificate]:
    """Return what was ever issued to a person here, at whichever office, the latest first."""
    here = Q(application__jmbg_token=vault.token("jmbg", jmbg))
    records = list(archived.of_person(jmbg).values_list("reference", flat=True))
    filed = Q(application__record_reference__in=records)
    found = Certificate.objects.filter(here | filed)
    return found.order_by("-application__number", "received_at")


def of_applicant(application: Application) -> QuerySet[Certificate]:
    """Return the same of the person whose case it is; none where nobody knows who that was."""
    try:
        return of_person(digits.clean(cases.applicant_of(application).jmbg))
    except errors.PersonGoneError:
        return Certificate.objects.none()


def pem(certificate: Certificate) -> bytes:
    """Return a certificate, from the archive where the counter has dropped it.

    Raises StoreError; PersonGoneError where the archive has destroyed it too.
    """
    if certificate.pem:
        return certificate.pem.encode()
    record = cases.require_record(certificate.application)
    try:
        return evidence.read(record, certificate.serial, inspection.CERTIFICATE)
    except RecordEvidence.DoesNotExist as fault:
        raise errors.PersonGoneError from fault

"""Which certificates a case has, is about, or a person has."""

from django.db.models import QuerySet

from archive import vault
from registration.models import Application, Certificate


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
    token = vault.token("jmbg", jmbg)
    found = Certificate.objects.filter(application__jmbg_token=token)
    return found.order_by("-application__number", "received_at")

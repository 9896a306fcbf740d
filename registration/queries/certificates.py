"""Which certificates of a case are live."""

from django.db.models import QuerySet

from registration.models import Application, Certificate


def live(application: Application) -> QuerySet[Certificate]:
    """Return the certificates that are not revoked, at most one of each role, as they came."""
    return application.certificates.filter(revoked_at=None).order_by("received_at")

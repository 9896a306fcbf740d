"""What the certification body publishes about a certificate, as it was read last."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registration.ca.base import State
from registration.ca.status.answer import Source
from registration.models.issuances import Certificate


class PublishedStatus(models.Model):
    """The last word on a certificate, and whether the last reading brought one.

    `known_at` is the moment of which the body speaks (thisUpdate). A reading that brought nothing
    leaves the last word standing and says in `doubt` why; then nobody knows how it is now.
    """

    STATES = [
        (State.VALID.value, pgettext_lazy("status", "Valid")),
        (State.SUSPENDED.value, pgettext_lazy("status", "Suspended")),
        (State.REVOKED.value, pgettext_lazy("status", "Revoked")),
        (State.UNKNOWN.value, pgettext_lazy("status", "Could not tell")),
    ]
    SOURCES = [(Source.OCSP.value, "OCSP"), (Source.CRL.value, "CRL")]

    certificate = models.OneToOneField(
        Certificate, on_delete=models.PROTECT, primary_key=True, related_name="published"
    )
    state = models.CharField(
        _("status"), max_length=10, choices=STATES, default=State.UNKNOWN.value
    )
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    since = models.DateTimeField(_("since"), null=True)
    known_at = models.DateTimeField(_("as of"), null=True)
    source = models.CharField(_("source"), max_length=4, choices=SOURCES, blank=True)
    checked_at = models.DateTimeField(_("last asked"), db_index=True)
    doubt = models.CharField(_("doubt"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("published status")
        verbose_name_plural = _("published statuses")

    def __str__(self) -> str:
        return f"{self.certificate} {self.shown}"

    @property
    def shown(self) -> str:
        """Return the status that may be relied on: none while there is a doubt."""
        return State.UNKNOWN if self.doubt else self.state

    def get_shown_display(self) -> str:
        return str(dict(self.STATES)[self.shown])

"""The certificates of a record: one per role, each with its own end."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive import addresses, retention
from archive.models.records import Record


class RecordCertificate(models.Model):
    """A certificate that a case brought onto the card; its bytes lie in the store."""

    class Role(models.TextChoices):
        SIGNING = "signing", _("signing")
        AUTHENTICATION = "authentication", _("authentication")

    class Published(models.TextChoices):
        VALID = "valid", pgettext_lazy("status", "Valid")
        SUSPENDED = "suspended", pgettext_lazy("status", "Suspended")
        REVOKED = "revoked", pgettext_lazy("status", "Revoked")
        UNKNOWN = "unknown", pgettext_lazy("status", "Could not tell")

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="certificates")
    role = models.CharField(_("kind of certificate"), max_length=20, choices=Role)
    serial = models.CharField(_("serial number"), max_length=40)  # lower-case hex
    issuer = models.CharField(_("issuer"), max_length=300)
    valid_from = models.DateTimeField(_("valid from"), db_index=True)
    valid_until = models.DateTimeField(_("valid until"), db_index=True)
    sha256 = addresses.AddressField("SHA-256", db_index=True)  # of the DER
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_reason = models.CharField(_("reason of the end"), max_length=60, blank=True)
    # Serials of what it renews, and of what renewed it; their records are found by them.
    renews = models.CharField(_("renews"), max_length=40, blank=True)
    renewed_by = models.CharField(_("renewed by"), max_length=40, blank=True)
    # What its certification body publishes, and the moment of which it speaks.
    published = models.CharField(_("status"), max_length=10, choices=Published, blank=True)
    published_at = models.DateTimeField(_("as of"), null=True)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "serial"], name="one_record_of_certificate"),
            models.UniqueConstraint(fields=["record", "role"], name="one_certificate_per_role"),
        ]

    def __str__(self) -> str:
        return self.serial

    @property
    def life(self) -> retention.Life:
        return retention.Life(self.valid_until, self.ended_at)

"""The certificates of a record: one per role, each with its own end; those that it is about."""

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
        indexes = [
            models.Index(fields=["serial"], name="certificate_serial"),
            models.Index(fields=["renews"], name="certificate_renews"),
            models.Index(fields=["renewed_by"], name="certificate_renewed_by"),
        ]

    def __str__(self) -> str:
        return self.serial

    @property
    def life(self) -> retention.Life:
        return retention.Life(self.valid_until, self.ended_at)


class CertificateConcerned(models.Model):
    """A certificate of another case that a record is about: the status of it was changed."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="concerned")
    serial = models.CharField(max_length=40, db_index=True)  # lower-case hex
    issuer = models.CharField(max_length=300)  # empty: not known
    valid_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "issuer", "serial"], name="concerned_by_a_record_once"
            )
        ]

    def __str__(self) -> str:
        return self.serial

    @property
    def life(self) -> retention.Life:
        return retention.Life(self.valid_until, self.ended_at)

"""What was printed and what was signed: packets, papers, pages, signatures."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from archive.addresses import AddressField
from registration.models.applications import Application


class Packet(models.Model):
    """One print run of a case: the papers that were new or had changed, or all of them."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="packets")
    run = models.PositiveSmallIntegerField()
    printed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    printed_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)  # of a reprint
    head = models.CharField(max_length=40, blank=True)  # of the log, as it stands on the pages
    merged = AddressField(db_index=True)  # of the file to print

    class Meta:
        ordering = ["run"]
        constraints = [
            models.UniqueConstraint(fields=["application", "run"], name="one_packet_per_run"),
        ]

    def __str__(self) -> str:
        return f"{self.application} run {self.run}"


class Paper(models.Model):
    """One copy of one paper; it counts until a later print run supersedes it."""

    class Kind(models.TextChoices):
        REQUEST = "request", _("Request (form 1)")
        COVER = "cover", _("Cover of the request brought by the citizen")
        TERMS = "terms", _("General terms")
        CONTRACT = "contract", _("Contract")
        UNBLOCK = "unblock", _("Request to unblock the PIN (form 2)")
        STATUS = "status", _("Request to change the status (form 3)")
        RECEIPT = "receipt", _("Receipt of the hand-over")
        REPRINT = "reprint", _("Cover of a reprint")
        FOLDER = "folder", _("Label of a folder")
        BOX = "box", _("Label of a box")
        NOTICE = "notice", _("Notice of the expiry")

    class Way(models.TextChoices):
        STAMPED = "stamped", _("stamped")
        RENDERED = "rendered", _("laid out anew")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="papers")
    packet = models.ForeignKey(Packet, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=10, choices=Kind)
    copy = models.PositiveSmallIntegerField()
    version = models.CharField(max_length=3)
    title = models.CharField(max_length=200)
    expected = models.JSONField()  # roles whose signature this copy needs, of the paper version
    sha256 = AddressField(db_index=True)  # of the PDF
    size = models.PositiveIntegerField()
    position = models.PositiveSmallIntegerField()
    way = models.CharField(max_length=10, choices=Way, default=Way.RENDERED)
    superseded_at = models.DateTimeField(null=True)
    superseded_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["packet", "kind", "copy"], name="one_paper_per_copy"),
            models.UniqueConstraint(
                fields=["application", "kind", "copy"],
                condition=models.Q(superseded_at=None),
                name="one_current_paper_per_copy",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.packet}: {self.kind} {self.copy}"


class Page(models.Model):
    """A printed page: the hash of its content, which its code's MAC covers."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="pages")
    number = models.PositiveSmallIntegerField()
    content_hash = models.CharField(max_length=64)
    code = models.CharField(max_length=33, unique=True)
    zones = models.JSONField(default=list)  # documents.zones: where to sign, to stamp, to circle

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.code


class Signature(models.Model):
    """A signature or seal that is on a copy: who, when, where, in whose presence."""

    class Role(models.TextChoices):
        CITIZEN = "citizen", _("citizen")
        OFFICER = "officer", _("officer")
        SEAL = "seal", _("seal")

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=10, choices=Role)
    signer = models.CharField(max_length=200)
    signed_on = models.DateField()
    place = models.CharField(max_length=100)
    witness = models.CharField(max_length=200)  # in whose presence
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)  # a tick taken back

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "role"],
                condition=models.Q(withdrawn_at=None),
                name="one_signature_per_role",
            )
        ]

    def __str__(self) -> str:
        return f"{self.paper} {self.role}"

"""The making of a certificate: its journal, its evidence, the certificate, the hand-over."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from archive import vault
from cardops.cards.profile import Role
from registration.ca.profiles import STRICT
from registration.models.applications import Application
from registration.models.desks import Desk
from registration.models.journal import JournalLine
from registration.workflow.issuance import Stage
from registration.workflow.status import Status

ROLES = [
    (Role.SIGNING.value, _("signing")),
    (Role.AUTHENTICATION.value, _("authentication")),
]


class Issuance(models.Model):
    """One attempt to bring one certificate onto one card, from intent to proof."""

    STAGES = [
        (Stage.PLANNED.value, _("Next in turn")),
        (Stage.WAITING_CARD.value, _("Key being made")),
        (Stage.WAITING_CA.value, _("At the certification body")),
        (Stage.WRITING.value, _("Being written")),
        (Stage.CONFIRMED.value, _("On the card and proven")),
        (Stage.INTERRUPTED.value, _("Interrupted")),
        (Stage.UNKNOWN.value, _("Answer lost")),
        (Stage.ABANDONED.value, _("Given up")),
    ]

    class Acceptance(models.TextChoices):
        """Whether the body knows that the certificate is on the card; some want to be told."""

        NONE = "", _("not awaited")
        OWED = "owed", _("still to be told")
        TOLD = "told", _("told")
        REFUSED = "refused", _("not accepted")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(
        Application,
        on_delete=models.PROTECT,
        related_name="issuances",
        verbose_name=_("case"),
    )
    role = models.CharField(_("kind of certificate"), max_length=20, choices=ROLES)
    body = models.CharField(  # its name in the settings, from the start on; empty: the default one
        _("certification body"), max_length=40, blank=True, default=""
    )
    stage = models.CharField(_("stage"), max_length=20, choices=STAGES, default=Stage.PLANNED)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, verbose_name=_("desk"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("started by")
    )
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    moved_at = models.DateTimeField(
        _("last moved")
    )  # the last answer or progress; the sweep looks at it
    email_confirmed = models.BooleanField()  # typed again from the signed request
    key_type = models.CharField(_("kind of key"), max_length=10)
    profiles = models.CharField(_("certificate profiles"), max_length=20, default=STRICT)  # family
    subject = vault.SealedJSONField()  # [[oid, value], …]: a `ca.base.Subject`
    email = vault.SealedTextField(blank=True)
    card = (
        vault.SealedJSONField()
    )  # chip_serial, document_number, jmbg of the card that was matched
    public_key = models.BinaryField(null=True)  # SPKI DER
    request = vault.SealedTextField(blank=True)  # PKCS#10, PEM
    challenge = models.BinaryField(null=True)
    proof = models.BinaryField(null=True)  # the chip's signature over the challenge
    replaced_serial = models.CharField(_("replaced certificate"), max_length=40, blank=True)
    # Of a renewal: what is renewed, issued here or known from the card alone.
    renews_serial = models.CharField(
        _("renewed certificate"), max_length=40, blank=True, db_index=True
    )
    renews_issuer = models.CharField(max_length=300, blank=True)
    renews_until = models.DateTimeField(null=True)
    ends_renewed = models.BooleanField(default=False)  # the rule of the day on which it was begun
    progress = models.JSONField(default=dict)  # the desk's last word: stage, prompt, of, tries_left
    transaction = models.JSONField(default=dict)  # with the body: a `ca.base.Transaction`
    acceptance = models.CharField(
        _("confirmation to the certification body"),
        max_length=10,
        choices=Acceptance,
        blank=True,
        default=Acceptance.NONE,
    )
    acceptance_asked_at = models.DateTimeField(null=True)  # the last try to tell the body
    failure_code = models.CharField(_("failure"), max_length=60, blank=True)
    failure_facts = models.JSONField(_("about the failure"), default=dict)
    confirmed_at = models.DateTimeField(_("proven"), null=True)

    class Meta:
        verbose_name = _("issuance")
        verbose_name_plural = _("issuances")
        ordering = ["started_at"]
        indexes = [
            models.Index(
                fields=["acceptance_asked_at"],
                condition=models.Q(acceptance="owed"),
                name="acceptances_owed",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "role"],
                condition=~models.Q(stage=Stage.ABANDONED.value),
                name="one_live_issuance",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.get_role_display()}: {self.get_stage_display()}"


class Evidence(models.Model):
    """What the issue button was computed from, kept with the issuance; never changed."""

    issuance = models.ForeignKey(Issuance, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(
        max_length=40
    )  # signature, identity_check, card_match, option, waiver, …
    reference = models.CharField(max_length=100)  # which row or choice
    facts = models.JSONField()  # copy, paper version, hash …; no personal data
    sha256 = models.CharField(max_length=64)  # of the facts' canonical JSON

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class JournalEntry(JournalLine):
    """A line about the making of one certificate."""

    issuance = models.ForeignKey(Issuance, on_delete=models.PROTECT, related_name="journal")

    class Meta(JournalLine.Meta):
        constraints = [
            models.UniqueConstraint(fields=["issuance", "number"], name="journal_without_doubles"),
            models.UniqueConstraint(
                fields=["message_id"],
                condition=~models.Q(message_id=""),
                name="one_entry_per_message",
            ),
        ]


class Certificate(models.Model):
    """A certificate that the CA issued for an issuance."""

    issuance = models.OneToOneField(Issuance, on_delete=models.PROTECT, related_name="certificate")
    application = models.ForeignKey(
        Application,
        on_delete=models.PROTECT,
        related_name="certificates",
        verbose_name=_("case"),
    )
    role = models.CharField(_("kind of certificate"), max_length=20, choices=ROLES)
    serial = models.CharField(_("serial number"), max_length=40, unique=True)  # hexadecimal
    issuer = models.CharField(_("issuer"), max_length=300)
    pem = vault.SealedTextField()  # the JMBG stands in it in clear
    sha256 = models.CharField("SHA-256", max_length=64)  # of the DER
    not_before = models.DateTimeField(_("valid from"))
    not_after = models.DateTimeField(_("valid until"))
    ends_on = models.DateField(_("last day"), db_index=True)  # its own or the card's: the first
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    revocation_reason = models.CharField(_("reason of revocation"), max_length=40, blank=True)
    suspended_at = models.DateTimeField(_("suspended"), null=True)  # until reactivated or revoked

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "role"],
                condition=models.Q(revoked_at=None),
                name="one_live_certificate",
            )
        ]

    def __str__(self) -> str:
        return self.serial

    @property
    def status(self) -> Status:
        """Return where it stands as far as we were told."""
        if self.revoked_at is not None:
            return Status.REVOKED
        return Status.SUSPENDED if self.suspended_at is not None else Status.ACTIVE


class Handover(models.Model):
    """Card and copies given to the citizen, the rest joined for the file."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT)
    retained = models.JSONField()  # [[kind, copy], …]
    handed_over = models.JSONField()  # [[kind, copy], …] and "card"
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    confirmed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.application} handed over"

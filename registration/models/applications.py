"""The case: what a citizen asked for and where it stands."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive import vault
from registration.models.users import Office
from registration.workflow import requests, states, status


class Application(models.Model):
    """What a numbered form asks for, and the state of its case.

    `applicant` is `registration.applicant.Applicant` as JSON, sealed: identity, document,
    residence, contact, e-mail for the certificate.
    """

    class EmailChoice(models.TextChoices):
        NO = "no", _("not wanted")
        YES = "yes", _("wanted, with this address")
        UNREADABLE = "unreadable", _("wanted, but the address cannot be read")

    class Script(models.TextChoices):
        CYRILLIC = "Cyrl", _("Cyrillic")
        LATIN = "Latn", _("Latin")

    STATES = [
        (states.State.DRAFT.value, pgettext_lazy("case", "Draft")),
        (states.State.PRINTED.value, pgettext_lazy("case", "Printed")),
        (states.State.SIGNED.value, pgettext_lazy("case", "Signed")),
        (states.State.ISSUING.value, pgettext_lazy("case", "Being issued")),
        (states.State.ISSUED.value, pgettext_lazy("case", "Issued")),
        (states.State.PERFORMED.value, pgettext_lazy("case", "Performed")),
        (states.State.FILED.value, pgettext_lazy("case", "Filed")),
        (states.State.WITHDRAWN.value, pgettext_lazy("case", "Withdrawn")),
        (states.State.REFUSED.value, pgettext_lazy("case", "Refused")),
    ]
    PROCEDURES = [
        (states.Procedure.ISSUE.value, _("1 Issuing of a certificate")),
        (states.Procedure.RENEW.value, _("2 Renewal of a certificate")),
        (states.Procedure.UNBLOCK.value, _("Unblocking of the PIN (form 2)")),
        (states.Procedure.STATUS.value, _("Change of a certificate's status (form 3)")),
    ]
    STATUS_CHANGES = [
        (requests.StatusChange.REVOKE.value, _("1 Revocation")),
        (requests.StatusChange.SUSPEND.value, _("2 Suspension")),
        (requests.StatusChange.REACTIVATE.value, _("3 Reactivation")),
    ]
    STATUS_REASONS = [
        (status.Reason.LOST.value, _("the card was lost or stolen")),
        (status.Reason.DATA.value, _("the person's data changed")),
        (status.Reason.REPLACED.value, _("another certificate took its place")),
        (status.Reason.DIED.value, _("the holder died")),
        (status.Reason.WISH.value, _("the holder wishes it")),
        (status.Reason.DOUBT.value, _("the card is missing and may turn up")),
        (status.Reason.FOUND.value, _("the card was found")),
    ]
    PIN_CHOICES = [
        (requests.PinChoice.KEEP.value, _("1 Unblocked, the PIN stays")),
        (requests.PinChoice.CHANGE.value, _("2 Unblocked, with a new PIN")),
    ]

    number = models.CharField(_("case number"), max_length=9, unique=True)
    procedure = models.CharField(_("procedure"), max_length=10, choices=PROCEDURES)
    state = models.CharField(_("state"), max_length=10, choices=STATES, default="draft")
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="applications", verbose_name=_("office")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("opened"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    version = models.PositiveIntegerField(default=1)  # grows with every change; live pages poll it

    pin_choice = models.CharField(max_length=10, choices=PIN_CHOICES, blank=True)  # of form 2
    # Of form 3: what is asked for, why, of which certificates (serials), by whom if not the holder.
    status_change = models.CharField(max_length=10, choices=STATUS_CHANGES, blank=True)
    status_reason = models.CharField(max_length=10, choices=STATUS_REASONS, blank=True)
    serials = models.JSONField(default=list)
    reported_by = models.CharField(max_length=200, blank=True)
    linked_to = models.ForeignKey(  # the case of form 1 that waits for this one
        "self", on_delete=models.PROTECT, null=True, related_name="links"
    )

    full_name = models.CharField(_("name"), max_length=200)
    name_folded = models.TextField(editable=False)  # every spelling of every word, to be found by
    applicant = vault.SealedJSONField()
    jmbg_token = models.CharField(max_length=100, db_index=True)
    document_token = models.CharField(max_length=100, db_index=True)

    body = models.CharField(  # the certification body that the papers name; empty: the default one
        max_length=40, blank=True, default=""
    )
    script = models.CharField(max_length=4, choices=Script, default=Script.CYRILLIC)
    email_choice = models.CharField(max_length=10, choices=EmailChoice, default=EmailChoice.NO)
    contract_requested = models.BooleanField(default=True)
    contract_waiver = models.CharField(max_length=300, blank=True)
    request_brought = models.BooleanField(
        default=False
    )  # the citizen came with it filled and signed
    acknowledged = models.JSONField(
        default=list
    )  # codes of the warnings that the officer confirmed
    closing_reason = models.CharField(max_length=300, blank=True)  # of withdrawal or refusal
    file_number = models.CharField(_("file number"), max_length=30, blank=True)
    record_reference = models.CharField(max_length=40, blank=True, db_index=True)
    filed_at = models.DateTimeField(_("filed at"), null=True)
    # Since then nothing of the person is kept here; of a filed case the archive has it.
    dropped_at = models.DateTimeField(_("personal data dropped"), null=True)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-number"]
        permissions = [("view_reports", "Can see the reports")]
        constraints = [
            models.UniqueConstraint(
                fields=["file_number"],
                condition=~models.Q(file_number=""),
                name="one_case_per_file_number",
            ),
            *(
                models.UniqueConstraint(
                    fields=["jmbg_token"],
                    condition=models.Q(
                        state__in=sorted(state.value for state in states.OPEN),
                        procedure__in=sorted(each.value for each in form.procedures),
                    ),
                    name=f"one_open_case_of_form_{form.form}",
                )
                for form in requests.FORMS
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def choice(self) -> str:
        """Return what is asked for on a form of one procedure with several options."""
        return self.pin_choice or self.status_change


class IdentityCheck(models.Model):
    """How the officer made sure who stands at the counter (ETSI EN 319 411-1, 6.2.2).

    A check that was noted wrongly is noted again; the last one counts, the earlier ones stay.
    """

    class Method(models.TextChoices):
        CARD_AND_PERSON = "card", _("identity card and portrait compared with the person")
        OTHER_DOCUMENT = "document", _("another identity document compared with the person")

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="identity_checks"
    )
    method = models.CharField(max_length=10, choices=Method)
    document = vault.SealedJSONField()  # kind, number, issuer, valid_until
    note = models.CharField(max_length=300, blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    checked_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.application} {self.method}"

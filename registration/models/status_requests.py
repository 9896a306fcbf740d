"""The change of a certificate's status: what was decided, its journal, its moments."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registration.models.applications import Application
from registration.models.issuances import Certificate
from registration.models.journal import JournalLine
from registration.workflow.status import Stage


class StatusRequest(models.Model):
    """One per case of Obrazac 3, from the officer's decision on; asked again it goes on.

    Received was the case when it was opened, authenticated when the identity was checked.
    """

    STAGES = [
        (Stage.WAITING.value, _("The certification body is asked")),
        (Stage.INTERRUPTED.value, _("Interrupted")),
        (Stage.DONE.value, _("Done")),
    ]

    class Told(models.TextChoices):
        COUNTER = "counter", pgettext_lazy("told", "at the counter")
        PHONE = "phone", pgettext_lazy("told", "by phone")
        EMAIL = "email", pgettext_lazy("told", "by e-mail")
        LETTER = "letter", pgettext_lazy("told", "by letter")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, related_name="status_request"
    )
    certificates = models.ManyToManyField(Certificate, related_name="status_requests")
    change = models.CharField(max_length=10, choices=Application.STATUS_CHANGES)  # as decided
    code = models.CharField(max_length=40)  # the reason, as the body is told it
    stage = models.CharField(max_length=20, choices=STAGES)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    decided_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)  # first asked of the body
    confirmed_at = models.DateTimeField(null=True)  # by the body, all certificates
    published_at = models.DateTimeField(null=True)  # seen in its list, all certificates
    told = models.CharField(max_length=10, choices=Told, blank=True)
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    moved_at = models.DateTimeField()  # when the body was last asked; the sweep looks at it
    failure_code = models.CharField(max_length=60, blank=True)
    failure_facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["decided_at"]

    def __str__(self) -> str:
        return f"{self.application} {self.get_change_display()}"


class StatusEntry(JournalLine):
    """Intent, result or failure of the change of one certificate, written before and after it."""

    request = models.ForeignKey(StatusRequest, on_delete=models.PROTECT, related_name="journal")

    class Meta(JournalLine.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["request", "number"], name="status_journal_without_doubles"
            ),
        ]

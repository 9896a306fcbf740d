"""The unblocking of a PIN: what was ordered of which desk, its journal, how it ended."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from archive import vault
from registration.models.applications import Application
from registration.models.desks import Desk
from registration.models.journal import JournalLine
from registration.workflow.unblocking import Stage


class Unblocking(models.Model):
    """One per case of Obrazac 2; a repeated order goes on with it.

    Done elsewhere it has no desk, and `statement` says in words how it was done.
    """

    STAGES = [
        (Stage.WAITING.value, _("The desk is at work")),
        (Stage.INTERRUPTED.value, _("Interrupted")),
        (Stage.DONE.value, _("Done")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, related_name="unblocking"
    )
    stage = models.CharField(max_length=20, choices=STAGES)
    choice = models.CharField(max_length=10, choices=Application.PIN_CHOICES)  # when last ordered
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, null=True)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    moved_at = models.DateTimeField()  # the last answer or progress; the sweep looks at it
    card = vault.SealedJSONField(default=dict)  # chip_serial, document_number, jmbg as matched
    last_try_agreed = models.BooleanField(default=False)  # a person lets a doubtful PUK be tried
    progress = models.JSONField(default=dict)  # the desk's last word
    failure_code = models.CharField(max_length=60, blank=True)
    failure_facts = models.JSONField(default=dict)
    statement = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["moved_at"]

    def __str__(self) -> str:
        return f"{self.application} {self.get_stage_display()}"


class UnblockingEntry(JournalLine):
    """Intent, result or failure of the step at the card, written before and after it."""

    unblocking = models.ForeignKey(Unblocking, on_delete=models.PROTECT, related_name="journal")

    class Meta(JournalLine.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["unblocking", "number"], name="unblocking_journal_without_doubles"
            ),
        ]

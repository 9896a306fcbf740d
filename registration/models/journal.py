"""What the journals of the irreversible steps have in common."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JournalLine(models.Model):
    """Intent, result or failure of an irreversible step, written before and after the act."""

    class Kind(models.TextChoices):
        INTENT = "intent", _("intent")
        RESULT = "result", _("result")
        FAILURE = "failure", _("failure")

    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    step = models.CharField(max_length=40)  # make-request, enrol, write-certificate, revoke
    at = models.DateTimeField(auto_now_add=True)
    message_id = models.CharField(max_length=32, blank=True)
    facts = models.JSONField(default=dict)  # no personal data

    class Meta:
        abstract = True
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.step} {self.kind}"

"""Cards that were examined at a desk: what is wrong with them."""

import uuid

from django.conf import settings
from django.db import models

from archive import vault
from registration.models.desks import Desk


class CardDiagnosis(models.Model):
    """One examination of whatever is in a desk's reader, asked for by an officer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT)
    application = models.ForeignKey(
        "registration.Application",
        on_delete=models.PROTECT,
        null=True,
        related_name="card_diagnoses",
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    asked_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True)
    found = vault.SealedJSONField(null=True)  # a `cardops.diagnose.Diagnosis`; None while waiting

    class Meta:
        ordering = ["asked_at"]

    def __str__(self) -> str:
        return f"{self.id} {'answered' if self.answered_at else 'waiting'}"

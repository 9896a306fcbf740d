"""What was said to a certification body about a certificate, and what it answered."""

from django.db import models

from archive import vault
from registration.models.issuances import Issuance


class BodyMessage(models.Model):
    """One message and its answer, byte for byte as they went over the line; passwords left out."""

    issuance = models.ForeignKey(Issuance, on_delete=models.PROTECT, related_name="body_messages")
    kind = models.CharField(max_length=40)  # as the protocol names it: p10cr, certconf, rr …
    at = models.DateTimeField(auto_now_add=True)
    sent = vault.SealedBinaryField()
    received = vault.SealedBinaryField()  # empty: no answer came

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.issuance_id} {self.kind}"

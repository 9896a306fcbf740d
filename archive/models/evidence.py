"""What proves how a case went and how its certificates were made: files of the record, by hash."""

from django.db import models

from archive.addresses import AddressField
from archive.models.records import Record


class RecordEvidence(models.Model):
    """One file of the evidence of a certificate, as an inspector gets it; its bytes are in store.

    The counter lays it in when it drops its own copy of the person; until then it is there.
    """

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="evidence")
    certificate = models.CharField(max_length=40, blank=True)  # serial; empty: of the case alone
    path = models.CharField(max_length=120)  # in the bundle
    sha256 = AddressField(db_index=True)
    size = models.PositiveBigIntegerField()  # bytes

    class Meta:
        ordering = ["certificate", "path"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "certificate", "path"], name="one_evidence_per_path"
            )
        ]

    def __str__(self) -> str:
        return f"{self.certificate} {self.path}".strip()

"""Day sheets: what an office did on a day, as it was printed to be signed by two people."""

from django.conf import settings
from django.db import models

from archive.addresses import AddressField
from registration.models.users import Office


class DaySheet(models.Model):
    """One printing; a day may be printed again when more was done, the earlier sheets stay."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="day_sheets")
    day = models.DateField()
    edition = models.PositiveSmallIntegerField()
    head = models.CharField(max_length=40)  # of the log, as it stands on the sheet
    sha256 = AddressField(db_index=True)  # of the PDF
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    printed_at = models.DateTimeField()

    class Meta:
        ordering = ["-day", "-edition"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "day", "edition"], name="one_day_sheet_of_each_edition"
            )
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.day} {self.edition}"

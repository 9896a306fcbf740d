"""Numbers that are given once: one counter per book and year."""

from django.db import models


class Counter(models.Model):
    """The last number given in one book of one year."""

    book = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "year"], name="one_archive_counter")]

    def __str__(self) -> str:
        return f"{self.book} {self.year}: {self.last}"

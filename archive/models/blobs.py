"""The files of the store as the database knows them; the row is the lock of its file."""

from django.db import models


class Blob(models.Model):
    """A file that rows name or named; it is locked by whoever begins or ceases to name it."""

    sha256 = models.CharField("SHA-256", max_length=64, primary_key=True)
    checked_at = models.DateTimeField(null=True)
    mirrored_at = models.DateTimeField(null=True, db_index=True)  # to the replica
    dropped_at = models.DateTimeField(null=True, db_index=True)  # nobody named it any more

    def __str__(self) -> str:
        return self.sha256

"""What leaves this installation and what is brought into it, and how far that has come."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from archive import vault


class Export(models.Model):
    """An export that somebody asked for; its bag lies in a folder until it is deleted."""

    class State(models.TextChoices):
        WAITING = "waiting", _("is being written")
        DONE = "done", _("is ready")
        FAILED = "failed", _("could not be written")
        DELETED = "deleted", _("was deleted")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.CharField(max_length=150)  # account
    asked_by_name = models.CharField(max_length=200)
    reason = models.CharField(_("reason"), max_length=200)
    selection = vault.SealedJSONField()  # of moving.selections.Selection: it may name a person
    office_code = models.CharField(max_length=12, blank=True)  # empty: records of every office
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    fault = models.CharField(max_length=300, blank=True)
    records = models.PositiveIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)  # bytes
    missing = models.PositiveIntegerField(default=0)  # files that the store could not give
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-asked_at"]
        permissions = [("export_record", "Can take records out of the archive")]

    def __str__(self) -> str:
        return str(self.pk)


class Import(models.Model):
    """A bag that is brought into an empty archive; at most one, ever."""

    bag = models.CharField(max_length=64, unique=True)  # SHA-256 of its tag manifest
    begun_at = models.DateTimeField(auto_now_add=True)
    table = models.CharField(max_length=60, blank=True)  # what is being loaded
    rows = models.PositiveBigIntegerField(default=0)  # of it, that are
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return self.bag

"""The verification of the stored files: rounds through all of them, and what they found."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FixityRound(models.Model):
    """One time through every file that a row names, then through every file that lies there."""

    class Stage(models.TextChoices):
        NAMED = "named", _("files on record")
        LYING = "lying", _("files in the store")

    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    open = models.BooleanField(default=True)
    claimed_until = models.DateTimeField(null=True)  # a worker is at it, or was and got lost
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.NAMED)
    column = models.CharField(max_length=100, blank=True)  # that is being gone through
    after = models.CharField(max_length=200, blank=True)  # last key in it, or last name
    checked = models.PositiveBigIntegerField(_("files checked"), default=0)
    size = models.PositiveBigIntegerField(_("bytes checked"), default=0)

    class Meta:
        verbose_name = _("check of the files")
        verbose_name_plural = _("checks of the files")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["open"], condition=models.Q(open=True), name="one_open_round"
            )
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d}"


class FixityFinding(models.Model):
    """A file that is not as it should be; open until it is whole again or nobody needs it."""

    class Where(models.TextChoices):
        STORE = "store", _("store")
        REPLICA = "replica", _("replica")

    class Kind(models.TextChoices):
        MISSING = "missing", _("missing")
        DAMAGED = "damaged", _("damaged")
        EXTRA = "extra", _("on no record")

    class Ending(models.TextChoices):
        WHOLE = "whole", _("whole again")
        REPAIRED = "repaired", _("repaired")
        UNNAMED = "unnamed", _("not needed any more")
        GONE = "gone", _("no longer there")
        NAMED = "named", _("on record again")
        DESTROYED = "destroyed", _("destroyed")

    name = models.CharField(_("file"), max_length=200)  # SHA-256, or what is no address
    where = models.CharField(_("where"), max_length=10, choices=Where)
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    found_at = models.DateTimeField(_("found"))
    seen_at = models.DateTimeField(_("last seen so"))
    ended_at = models.DateTimeField(_("ended"), null=True, db_index=True)
    ending = models.CharField(_("how it ended"), max_length=10, choices=Ending, blank=True)

    class Meta:
        verbose_name = _("finding among the files")
        verbose_name_plural = _("findings among the files")
        ordering = ["-found_at", "-pk"]
        permissions = [("repair_files", "Can repair damaged and missing files")]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "where"],
                condition=models.Q(ended_at=None),
                name="one_open_finding_per_file",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.kind}"

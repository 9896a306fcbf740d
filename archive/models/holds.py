"""Holds: who ordered that records are not to be destroyed, and who looks at the order again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from archive.models.records import Record


class Hold(models.Model):
    """An order that exempts records from disposal until it is lifted.

    People stand here by account and by name: the archive outlives the counter's accounts.
    """

    records = models.ManyToManyField(Record, verbose_name=_("records"), related_name="holds")
    ordered_by = models.CharField(_("who ordered it"), max_length=200)
    document_number = models.CharField(_("number of the document"), max_length=60)
    document_on = models.DateField(_("date of the document"))
    reason = models.CharField(_("reason"), max_length=500)

    set_at = models.DateTimeField(_("set"))
    set_by = models.CharField(max_length=150)
    set_by_name = models.CharField(max_length=200)
    reviewer = models.CharField(max_length=150)
    reviewer_name = models.CharField(_("reviewer"), max_length=200)
    review_on = models.DateField(_("review on"), db_index=True)

    lifted_at = models.DateTimeField(_("lifted"), null=True)
    lifted_by = models.CharField(max_length=150, blank=True)
    lifted_by_name = models.CharField(max_length=200, blank=True)
    lifted_reason = models.CharField(_("reason of the lifting"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering = ["review_on", "id"]
        permissions = [("lift_hold", "Can review and lift holds")]

    def __str__(self) -> str:
        return f"hold {self.pk}"


class HoldReview(models.Model):
    """A reviewer found that the hold is still needed; rows are only ever added."""

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="reviews")
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    by_name = models.CharField(max_length=200)
    note = models.CharField(max_length=500)
    review_on = models.DateField()  # the next one

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.hold} until {self.review_on}"

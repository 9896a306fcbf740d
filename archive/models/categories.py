"""The list of categories: versions that a second person puts in force, and what belongs where."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive import retention


class CategoryList(models.Model):
    """One version of the list; once in force it never changes.

    `author` is empty where the version came with the product.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("list", "being written")
        IN_FORCE = "in_force", pgettext_lazy("list", "in force")

    number = models.PositiveSmallIntegerField(_("version"), unique=True)
    valid_from = models.DateField(_("valid from"))
    consent_number = models.CharField(_("consent of the public archive"), max_length=60, blank=True)
    consent_on = models.DateField(_("consent given on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    author = models.CharField(_("written by"), max_length=150, blank=True)
    written_at = models.DateTimeField(_("last written on"))
    approved_by = models.CharField(_("put in force by"), max_length=150, blank=True)
    approved_at = models.DateTimeField(_("put in force"), null=True)

    class Meta:
        verbose_name = _("list of categories")
        verbose_name_plural = _("lists of categories")
        ordering = ["number"]
        permissions = [("approve_categorylist", "Can put a list of categories in force")]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="draft"), name="one_list_being_written"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | ~Q(author=F("approved_by")),
                name="list_in_force_by_another",
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Category(models.Model):
    """A line of the list: its mark, how long, counted from what."""

    COUNTINGS = [
        (retention.Counting.CERTIFICATES.value, _("end of the certificates")),
        (retention.Counting.PERFORMED.value, _("day on which it was performed")),
        (retention.Counting.DECISION.value, _("day of the decision")),
    ]

    list = models.ForeignKey(CategoryList, on_delete=models.CASCADE, related_name="categories")
    position = models.PositiveSmallIntegerField()
    mark = models.CharField(_("classification mark"), max_length=20)
    name = models.CharField(_("content"), max_length=300)
    years = models.PositiveSmallIntegerField(_("years to keep"), null=True, blank=True)  # None: all
    counting = models.CharField(_("counted from"), max_length=20, choices=COUNTINGS)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["list", "position"]
        constraints = [models.UniqueConstraint(fields=["list", "mark"], name="one_mark_per_list")]

    def __str__(self) -> str:
        return f"{self.mark} {self.name}"


class CategoryRule(models.Model):
    """To which category of a list a record belongs: by the kind of its case and the outcome."""

    list = models.ForeignKey(CategoryList, on_delete=models.CASCADE, related_name="rules")
    kind = models.CharField(max_length=20)  # of records.Record.Kind
    outcome = models.CharField(max_length=20)  # of records.Record.State
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="rules")

    class Meta:
        ordering = ["list", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["list", "kind", "outcome"], name="one_category_per_outcome"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome}"


class ListApplication(models.Model):
    """A list in force applied, for a reason, to what was filed under earlier ones; it resumes."""

    list = models.ForeignKey(CategoryList, on_delete=models.PROTECT, related_name="applications")
    reason = models.CharField(_("reason"), max_length=200)
    started_by = models.CharField(_("started by"), max_length=150)
    started_by_name = models.CharField(max_length=200)  # as a record's history names people
    started_at = models.DateTimeField(_("started"))
    reached = models.BigIntegerField(default=0)  # records up to this one are done
    changed = models.PositiveIntegerField(default=0)  # records of them that got another category
    done_at = models.DateTimeField(_("done"), null=True)

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["list"], condition=Q(done_at=None), name="one_application_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.list} {self.reason}"

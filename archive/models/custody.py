"""Who has which paper: the ledger of every folder and copy, and loans by revers."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.models.places import Place
from archive.models.records import Record

FOLDER = "folder"
"""The kind of thing that holds all retained copies of a record; others are kinds of paper."""


class Loan(models.Model):
    """A folder, or one copy out of it, with somebody who signed a revers for it."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="loans")
    kind = models.CharField(max_length=20, default=FOLDER)
    copy = models.PositiveSmallIntegerField(default=0)
    what = models.CharField(max_length=200, blank=True)  # title of the copy; of the folder: none
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    borrower = models.CharField(_("who takes it"), max_length=150)
    institution = models.CharField(_("office or institution"), max_length=200)
    purpose = models.CharField(_("purpose"), max_length=300)
    lent_on = models.DateField(_("lent on"))
    due_on = models.DateField(_("due on"), db_index=True)
    lent_by = models.CharField(max_length=150)
    returned_at = models.DateTimeField(_("returned"), null=True)
    received_by = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name = _("loan")
        verbose_name_plural = _("loans")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="one_loan_of_a_number"),
            models.UniqueConstraint(
                fields=["record"], condition=Q(returned_at=None), name="one_open_loan_of_a_record"
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("lent_on")), name="due_after_it_was_lent"
            ),
        ]

    def __str__(self) -> str:
        return self.shown_number

    @property
    def shown_number(self) -> str:
        return f"{self.number}/{self.year}"

    @property
    def whole(self) -> bool:
        return self.kind == FOLDER

    @property
    def who(self) -> str:
        """Return who took it; empty once the record is destroyed."""
        return ", ".join(filter(None, (self.borrower, self.institution)))

    @property
    def days_late(self) -> int:
        """Return for how many days it should have been back; 0 where it is, or has time."""
        if self.returned_at:
            return 0
        return max(0, (timezone.localdate() - self.due_on).days)

    @property
    def overdue(self) -> bool:
        return self.days_late > 0


class CustodyEntry(models.Model):
    """From when on somebody has a thing; rows are only ever added, the last one holds.

    A thing is the folder, a copy by its paper's kind and number, or what else `what` names. What
    lies in the folder is where the folder is: its own last entry says "office".
    """

    class Holder(models.TextChoices):
        OFFICE = "office", _("the office")
        CITIZEN = "citizen", _("the citizen")
        PLACE = "place", _("in its place")
        LOAN = "loan", _("lent")
        DESTROYED = "destroyed", _("destroyed")

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="custody")
    kind = models.CharField(max_length=20, blank=True)
    copy = models.PositiveSmallIntegerField(default=0)
    what = models.CharField(max_length=300, blank=True)
    holder = models.CharField(max_length=20, choices=Holder)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, null=True, related_name="+")
    where = models.CharField(max_length=400, blank=True)  # the place, the borrower, as then named
    since = models.DateTimeField()
    by = models.CharField(max_length=150, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.what or self.kind} {self.holder}"

    @property
    def thing(self) -> tuple[str, int, str]:
        """Return what tells things of a record apart; papers by kind and copy alone."""
        return (self.kind, self.copy, "" if self.kind else self.what)

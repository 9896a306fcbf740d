"""The arhivska knjiga (form AK of the archive law): a book per office, an entry per line."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archive.models.categories import Category


class Book(models.Model):
    """The book of one office, who holds its records; running numbers go on across the years."""

    office_code = models.CharField(_("office"), max_length=12, unique=True)
    office_name = models.CharField(_("office"), max_length=200)
    last = models.PositiveIntegerField(default=0)  # running number; none is given twice

    class Meta:
        verbose_name = _("archive book")
        verbose_name_plural = _("archive books")
        ordering = ["office_code"]

    def __str__(self) -> str:
        return self.office_code


class BookEntry(models.Model):
    """What an office has of a category from one year; open until its year is closed.

    The number comes with the closing. From then on the quantity stands: what is filed later of
    that year opens another entry. A cancelled entry keeps its number.
    """

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField(_("running number"), null=True)
    entered_on = models.DateField(_("date of entry"), null=True)
    year = models.PositiveSmallIntegerField(_("year of origin"))
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="entries")
    pieces = models.PositiveIntegerField(_("records"), default=0)
    place = models.CharField(_("room and shelf"), max_length=200, blank=True)
    remark = models.TextField(_("remark"), blank=True)
    cancelled_on = models.DateField(_("cancelled on"), null=True)
    cancelled_by = models.CharField(_("cancelled by"), max_length=150, blank=True)
    cancelled_reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("entry of the archive book")
        verbose_name_plural = _("entries of the archive book")
        ordering = ["book", "number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="one_entry_per_number"),
            models.UniqueConstraint(
                fields=["book", "category", "year"],
                condition=Q(number=None),
                name="one_open_entry_of_category_and_year",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on=None) | (Q(number__gt=0) & ~Q(cancelled_reason="")),
                name="cancelled_with_number_and_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.book} {self.number or '–'} {self.year} {self.category.mark}"


class BookStrike(models.Model):
    """A record of an entry that is no longer there, and the act by which it went (column 10)."""

    entry = models.ForeignKey(BookEntry, on_delete=models.PROTECT, related_name="strikes")
    file_number = models.CharField(max_length=40, unique=True)
    act_number = models.CharField(max_length=60)
    act_date = models.DateField()

    class Meta:
        ordering = ["act_date", "id"]

    def __str__(self) -> str:
        return self.file_number

"""Writing the arhivska knjiga: what is filed adds to it, closing a year numbers its entries."""

from django.db.models import F

from archive.filing import Filing
from archive.models import Book, BookEntry, Category


def open_entry(filing: Filing, category: Category) -> BookEntry:
    """Add a case that is being filed to the entry of its office, category and year of origin."""
    named = {"office_name": filing.office_name}
    book, _new = Book.objects.get_or_create(office_code=filing.office_code, defaults=named)
    return add(book, category, filing.decided_on.year)


def add(book: Book, category: Category, year: int) -> BookEntry:
    """Add one to the open entry, another one where it was closed meanwhile.

    The row is counted up by the database, so nobody's record is lost; its lock is held until the
    end of the caller's transaction, and who closes the year waits for it.
    """
    while True:
        entry, _new = BookEntry.objects.get_or_create(
            book=book, category=category, year=year, number=None
        )
        still_open = BookEntry.objects.filter(pk=entry.pk, number=None)
        if still_open.update(pieces=F("pieces") + 1):
            return entry

"""Numbers given once: gapless per book and year, never reused."""

from django.db.models import F

from archive.models import Counter


def take(book: str, year: int) -> int:
    """Return the next number, inside of the caller's transaction: rolled back, it was not given."""
    Counter.objects.get_or_create(book=book, year=year)
    Counter.objects.filter(book=book, year=year).update(last=F("last") + 1)
    return Counter.objects.get(book=book, year=year).last

"""Numbers given once: gapless per book and year, never reused."""

from django.db.models import F

from registration.models import Counter


def take(book: str, year: int) -> int:
    """Return the next number, inside of the caller's transaction: rolled back, it was not given."""
    Counter.objects.get_or_create(book=book, year=year)
    Counter.objects.filter(book=book, year=year).update(last=F("last") + 1)
    return Counter.objects.get(book=book, year=year).last


def case_number(year: int) -> str:
    """Return a new case's number: two digits of the year, seven of the count."""
    return f"{year % 100:02}{take('case', year):07}"


def file_number(year: int) -> str:
    return f"{take('file', year)}/{year}"

"""Numbers given once: gapless per book and year, never reused; they move with the archive."""

import re

from django.db.models import F

from archive.models import Counter

CASES, FILES = "case", "file"
_OF_CASE = re.compile(r"(\d{2})(\d{7})")
_OF_FILE = re.compile(r"(\d{1,9})/(\d{4})")


def take(book: str, year: int) -> int:
    """Return the next number, inside of the caller's transaction: rolled back, it was not given."""
    Counter.objects.get_or_create(book=book, year=year)
    Counter.objects.filter(book=book, year=year).update(last=F("last") + 1)
    return Counter.objects.get(book=book, year=year).last


def case_number(year: int) -> str:
    """Return a new case's number: two digits of the year, seven of the count."""
    return f"{year % 100:02}{take(CASES, year):07}"


def file_number(year: int) -> str:
    return f"{take(FILES, year)}/{year}"


def pass_over(case_number: str, file_number: str) -> None:
    """Let the counts go on behind numbers that were given elsewhere and look like ours."""
    if found := _OF_CASE.fullmatch(case_number):
        _raise(CASES, 2000 + int(found[1]), int(found[2]))
    if found := _OF_FILE.fullmatch(file_number):
        _raise(FILES, int(found[2]), int(found[1]))


def _raise(book: str, year: int, number: int) -> None:
    Counter.objects.get_or_create(book=book, year=year)
    Counter.objects.filter(book=book, year=year, last__lt=number).update(last=number)

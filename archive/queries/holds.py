"""Questions about holds: which records are held, which holds are to be looked at."""

import re
from collections.abc import Iterable
from datetime import date
from typing import cast

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, UserManager
from django.db.models import Count, Q, QuerySet

from archive import queries, vault
from archive.models import Hold, Record
from archive.search import terms

LIFT = "archive.lift_hold"


def of_record(record: Record) -> QuerySet[Hold]:
    """Return the holds that keep a record from being destroyed now."""
    return record.holds.filter(lifted_at__isnull=True)


def held(records: Iterable[int]) -> set[int]:
    """Return which of the records (by their rows' numbers) are held."""
    links = Hold.records.through.objects.filter(record__in=records, hold__lifted_at__isnull=True)
    return set(links.values_list("record_id", flat=True))


def in_force() -> QuerySet[Hold]:
    """Return the holds in force, those that are due first."""
    return Hold.objects.filter(lifted_at__isnull=True).annotate(count=Count("records"))


def lifted() -> QuerySet[Hold]:
    kept = Hold.objects.filter(lifted_at__isnull=False).annotate(count=Count("records"))
    return kept.order_by("-lifted_at")


def due(today: date) -> QuerySet[Hold]:
    """Return the holds whose reviewer has to say now whether they are still needed."""
    return in_force().filter(review_on__lte=today)


def due_for(viewer: queries.Viewer, today: date) -> int:
    """Return how many holds wait for this person's word."""
    return due(today).filter(reviewer=viewer.get_username()).count()


def reviewers() -> QuerySet[AbstractUser]:
    """Return the people who may lift a hold."""
    people = cast("UserManager[AbstractUser]", get_user_model().objects)
    found = people.with_perm(LIFT, include_superusers=False)
    return found.order_by("last_name", "first_name", "pk")


def typed(text: str, within: QuerySet[Record]) -> tuple[list[Record], list[str]]:
    """Find the records that the lines name: file numbers, case numbers, a person's JMBG.

    Return them, and the lines that name none.
    """
    found: dict[int, Record] = {}
    unknown: list[str] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        records = within.filter(_named(line))
        found.update((each.pk, each) for each in records)
        if not records:
            unknown.append(line)
    return list(found.values()), unknown


def _named(line: str) -> Q:
    if re.fullmatch(terms.JMBG, line):
        return Q(jmbg_token__in=vault.tokens("jmbg", line))
    return Q(file_number=line) | Q(case_number__in=(line, line.replace("-", "")))

"""The list of categories: written by one person, put in force by another, then fixed."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from archive import shipped
from archive.models import Category, CategoryList, CategoryRule
from archive.services import audit

_STATE = CategoryList.State


def load_shipped() -> None:
    """Take in the list that comes with the product where there is none yet."""
    with transaction.atomic():
        now = timezone.now()
        first, new = CategoryList.objects.get_or_create(
            number=1,
            defaults={
                "valid_from": shipped.VALID_FROM,
                "state": _STATE.IN_FORCE,
                "written_at": now,
                "approved_by": audit.SYSTEM,
                "approved_at": now,
            },
        )
        if new:
            _fill_shipped(first)


def _fill_shipped(first: CategoryList) -> None:
    years = int(str(settings.OVERA["RETENTION_YEARS"]))
    for position, each in enumerate(shipped.CATEGORIES, start=1):
        category = Category.objects.create(
            list=first,
            position=position,
            mark=each.mark,
            name=each.name,
            years=years,
            counting=each.counting,
        )
        CategoryRule.objects.bulk_create(
            CategoryRule(list=first, kind=kind, outcome=outcome, category=category)
            for kind, outcome in each.outcomes
        )

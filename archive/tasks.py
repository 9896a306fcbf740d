"""The archive's work outside of anybody's request."""

from celery import shared_task

from archive.queries import keeping
from archive.services import applying

_UNTIL_NEXT_SWEEP = 60  # seconds


@shared_task(name="overa.categories.apply")
def apply_lists() -> None:
    """Go on with the lists that are being applied; the rest is another task."""
    left = [applying.go_on(each.pk) for each in keeping.applications()]
    if any(left):
        apply_lists.apply_async(expires=_UNTIL_NEXT_SWEEP)

"""The archive's work outside of anybody's request."""

import logging

from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from archive.queries import keeping
from archive.services import applying

_UNTIL_NEXT_SWEEP = 60  # seconds

log = logging.getLogger(__name__)


@shared_task(name="overa.categories.apply")
def apply_lists() -> None:
    """Go on with the lists that are being applied; the rest is another task."""
    left = [applying.go_on(each.pk) for each in keeping.applications()]
    if any(left):
        apply_lists.apply_async(expires=_UNTIL_NEXT_SWEEP)


def begin_applying() -> None:
    """Let the worker go on once the transaction is over; without a broker the sweep finds it."""

    def send() -> None:
        try:
            apply_lists.apply_async(expires=_UNTIL_NEXT_SWEEP)
        except OperationalError as fault:
            log.warning("the broker takes no task: %s", fault)

    transaction.on_commit(send)

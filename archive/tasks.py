"""The archive's work outside of anybody's request: destroying what was confirmed."""

import logging

from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from archive.queries import disposals as found
from archive.services import destruction

_UNTIL_NEXT_SWEEP = 60  # seconds

log = logging.getLogger(__name__)


@shared_task(name="overa.disposals.destroy")
def destroy(number: int) -> None:
    """Destroy the next records of a disposal; the rest is another task."""
    if destruction.go_on(number):
        destroy.apply_async([number], expires=_UNTIL_NEXT_SWEEP)


@shared_task(name="overa.disposals.sweep")
def sweep() -> None:
    """Go on with the destructions that nobody works on any more."""
    for number in found.waiting():
        destroy.apply_async([number], expires=_UNTIL_NEXT_SWEEP)


def begin(number: int) -> None:
    """Let the worker destroy once the transaction is over; without a broker the sweep finds it."""

    def send() -> None:
        try:
            destroy.delay(number)
        except OperationalError as fault:
            log.warning("the broker takes no task: %s", fault)

    transaction.on_commit(send)

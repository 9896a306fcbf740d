"""The archive's work outside of any request: files, lists of categories, destruction."""

import logging

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from archive.queries import disposals, keeping
from archive.services import applying, blobs, destruction, fixity, mirroring
from archive.store.errors import PlaceError

_SECONDS = 45  # of work; a task that lasts longer is handed out again
_UNTIL_NEXT_SWEEP = 60

log = logging.getLogger(__name__)


@shared_task(name="overa.files.mirror")
def mirror() -> None:
    mirroring.catch_up(_SECONDS)


@shared_task(name="overa.files.check")
def check() -> None:
    """Go on with the check of all files."""
    try:
        fixity.go_on(timezone.now(), _SECONDS)
    except PlaceError as fault:
        log.warning("the archive's files cannot be checked: %s", fault)


@shared_task(name="overa.files.sweep")
def sweep() -> None:
    blobs.sweep(timezone.now())


@shared_task(name="overa.disposals.destroy")
def destroy(number: int) -> None:
    """Destroy the next records of a disposal; the rest is another task."""
    if destruction.go_on(number):
        destroy.apply_async([number], expires=_UNTIL_NEXT_SWEEP)


@shared_task(name="overa.disposals.sweep")
def sweep_disposals() -> None:
    """Go on with the destructions that nobody works on any more."""
    for number in disposals.waiting():
        destroy.apply_async([number], expires=_UNTIL_NEXT_SWEEP)


def begin_destruction(number: int) -> None:
    """Let the worker destroy once the transaction is over; without a broker the sweep finds it."""

    def send() -> None:
        try:
            destroy.delay(number)
        except OperationalError as fault:
            log.warning("the broker takes no task: %s", fault)

    transaction.on_commit(send)


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

"""The archive's work outside of any request: files, categories, destruction, exports."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from archive.models import Export
from archive.queries import disposals, keeping
from archive.services.disposal import destruction
from archive.services.files import blobs, fixity, mirroring
from archive.services.keeping import applying
from archive.services.moving import orders
from archive.store.errors import PlaceError

_SECONDS = 10  # of work; scans that people wait for are read by the same workers
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
    once_committed(partial(destroy.delay, number))


@shared_task(name="overa.categories.apply")
def apply_lists() -> None:
    """Go on with the lists that are being applied; the rest is another task."""
    left = [applying.go_on(each.pk) for each in keeping.applications()]
    if any(left):
        apply_lists.apply_async(expires=_UNTIL_NEXT_SWEEP)


def begin_applying() -> None:
    once_committed(partial(apply_lists.apply_async, expires=_UNTIL_NEXT_SWEEP))


@shared_task(name="overa.exports.write")
def write_export(export_id: str) -> None:
    """Make a file that was ordered; handed out twice, the second time finds it being made."""
    orders.perform(export_id)


@shared_task(name="overa.exports.sweep")
def sweep_exports() -> None:
    """Go on with exports that nobody works on; delete those that lie too long."""
    for export_id in orders.due(timezone.now()):
        write_export.apply_async([export_id], expires=_UNTIL_NEXT_SWEEP)


def begin_export(export: Export) -> None:
    once_committed(partial(write_export.delay, str(export.pk)))


def once_committed(order: Callable[[], Any]) -> None:
    """Give the worker an order once the transaction is over; without a broker a sweep finds it."""

    def send() -> None:
        try:
            order()
        except OperationalError as fault:
            log.warning("the broker takes no task: %s", fault)

    transaction.on_commit(send)

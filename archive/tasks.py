"""The archive's work outside of any request: exports."""

import logging

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from archive.models import Export
from archive.services.moving import orders

_UNTIL_NEXT_SWEEP = 60  # seconds

log = logging.getLogger(__name__)


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
    """Let the worker write once the transaction is over; without a broker the sweep finds it."""

    def send() -> None:
        try:
            write_export.delay(str(export.pk))
        except OperationalError as fault:
            log.warning("the broker takes no task: %s", fault)

    transaction.on_commit(send)

"""The archive's work outside of any request: the replica, the check of the files, the sweep."""

import logging

from celery import shared_task
from django.utils import timezone

from archive.services import blobs, fixity, mirroring
from archive.store.errors import PlaceError

_SECONDS = 45  # of work; a task that lasts longer is handed out again

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

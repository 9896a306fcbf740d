"""Folders that scanners write to: what lies there whole is taken in and removed."""

import logging
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from registration import errors
from registration.models import Office, Stack
from registration.services import stacks

_QUIET = 5  # seconds that a file must lie unchanged: a scanner writes it bit by bit
_PIECE = 1024 * 1024  # bytes read at once

log = logging.getLogger(__name__)


def take_in() -> Iterator[Stack]:
    """Yield a stack for each file that came; one that cannot be taken stays and is logged."""
    for code, folder in settings.OVERA["WATCHED"].items():
        office = Office.objects.filter(code=code).first()
        if office is None:
            log.error("a watched folder belongs to no office: %s", code)
            continue
        for path in _files(Path(folder)):
            try:
                stack = _taken(path, office)
            except OSError as fault:
                log.error("cannot take %s: %s", path, fault)  # noqa: TRY400 - a sentence is enough
                continue
            if stack:
                yield stack


def _files(folder: Path) -> list[Path]:
    """Return what lies whole in a folder, the oldest first; hidden files are nobody's scan."""
    now = timezone.now().timestamp()
    try:
        found = [each for each in folder.iterdir() if each.is_file() and each.name[0] != "."]
        aged = {each: each.stat().st_mtime for each in found}
    except OSError as fault:
        log.error("cannot look into %s: %s", folder, fault)  # noqa: TRY400
        return []
    return sorted((each for each in found if now - aged[each] >= _QUIET), key=aged.__getitem__)


def _taken(path: Path, office: Office) -> Stack | None:
    """Take one file in; it is removed only once its bytes are safe, also those of its twin."""
    try:
        with path.open("rb") as file:
            pieces = iter(lambda: file.read(_PIECE), b"")
            stack = stacks.receive(path.name, pieces, office, by=None)
    except errors.StackReceivedError:
        stack = None
    path.unlink(missing_ok=True)
    return stack

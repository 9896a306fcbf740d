"""Sealing the keys of the stored files by the data key of today; repeatable, goes on where it was.

What is sealed by it already is passed over. Files of the earlier format get keys of their own.
"""

from collections.abc import Iterator
from contextlib import suppress

from archive.services import audit
from archive.store import places, sealed
from archive.store.errors import FileDamagedError, FileMissingError

_EVERY = 1000  # files between two words of how far it came


def rewrap(*, by: audit.Actor | None) -> Iterator[tuple[int, int]]:
    """Go through store and replica; yield how many files were seen and how many needed it."""
    seen = needed = 0
    for place in filter(None, (places.main(), places.replica())):
        for found in sealed.lying(place, ""):
            address = sealed.address_of(found.name)
            with suppress(FileMissingError, FileDamagedError):  # the check of the files finds it
                needed += bool(address) and sealed.rewrap(place, address)
            seen += 1
            if seen % _EVERY == 0:
                yield seen, needed
    with audit.transaction():
        facts = {"files": seen, "sealed_anew": needed}
        audit.append("files.rewrapped", subject="files", by=by, facts=facts)
    yield seen, needed

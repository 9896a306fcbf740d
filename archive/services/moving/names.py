"""Names of files that leave the archive: numbers and kinds, nobody's name, on any disk."""

import re

from archive.models import Record

# Capitals only: a file system may not tell them from small letters. The line at the end keeps the
# names apart that Windows keeps for itself (COM1).
_PLAIN = re.compile(r"[A-Z0-9][A-Z0-9-]*(/[A-Z0-9-]*[A-Z0-9])+")
_SUFFIXES = {
    "application/pdf": ".pdf",
    "image/tiff": ".tif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/jp2": ".jp2",
    "application/pkix-cert": ".cer",
    "application/json": ".json",
    "application/zip": ".zip",
    "text/plain": ".txt",
    "text/csv": ".csv",
}


def of_record(record: Record) -> str:
    """Return a record's folder: 123/2026 as 123_2026, a stranger number with our own behind it.

    No two records have the same one.
    """
    if _PLAIN.fullmatch(record.file_number):
        return record.file_number.replace("/", "_")
    return f"{part(record.file_number)}~{record.pk}"


def part(text: str) -> str:
    """Return what of a text may stand in a file's name; another text may give the same."""
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[:60]


def suffix(media_type: str) -> str:
    return _SUFFIXES.get(media_type, ".bin")

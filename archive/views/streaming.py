"""Files on their way to the browser: whole ones, and a piece at a time from where it asks."""

import itertools
import re
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from archive.services import viewing

INLINE = {"application/pdf"}  # what a browser shows by itself; everything else is saved
DAMAGED = _("The stored file is missing or damaged, so it is not shown. Tell the administrator.")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def whole(data: bytes, name: str, media_type: str = "application/pdf") -> HttpResponse:
    """Send what was just made."""
    headers = {"Content-Disposition": disposition(name, media_type)}
    return HttpResponse(data, content_type=media_type, headers=headers)


def disposition(name: str, media_type: str) -> str:
    """Return the header that names a file, and says whether it is shown or saved."""
    return content_disposition_header(media_type not in INLINE, name) or ""


def wanted(request: HttpRequest, size: int) -> tuple[int, int] | None:
    """Return which bytes are asked for, `stop` not among them; None for all of them.

    Several ranges at once, and what is no range, mean all. One that lies outside gives (0, 0).
    """
    found = _RANGE.fullmatch(request.headers.get("Range", ""))
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        return (max(size - int(last), 0), size) if int(last) else (0, 0)
    start, stop = int(first), min(int(last) + 1 if last else size, size)
    return (start, stop) if start < stop else (0, 0)


def sent(file: viewing.Download) -> HttpResponseBase:
    """Send a file, or the part that was asked for. Raises StoreError before the first byte."""
    start, stop = file.part or (0, file.opened.size)
    if file.part == (0, 0):
        headers = {"Content-Range": f"bytes */{file.opened.size}"}
        return HttpResponse(status=416, headers=headers)
    response = StreamingHttpResponse(
        _begun(file.opened.read(start, stop)),
        status=206 if file.part else 200,
        content_type=file.media_type,
    )
    response["Accept-Ranges"] = "bytes"
    response["Content-Length"] = str(stop - start)
    response["Content-Disposition"] = disposition(file.name, file.media_type)
    if file.part:
        response["Content-Range"] = f"bytes {start}-{stop - 1}/{file.opened.size}"
    return response


def _begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Read the first piece now: a file that is damaged there can still be told."""
    return itertools.chain([next(pieces, b"")], pieces)

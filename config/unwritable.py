"""What a page says while log, database or files are out of reach: nothing done, nothing shown."""

import logging
from collections.abc import Callable

from django.db import InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from archive.errors import LogUnwritableError
from archive.store.errors import PlaceError

UNWRITABLE = (LogUnwritableError, OperationalError, InternalError, PlaceError)
AGAIN_AFTER = 60  # seconds

log = logging.getLogger(__name__)


class UnwritableMiddleware:
    """Answers 503 where a view could not write; it stands last, next to the views."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        return answer(request, fault) if _unwritable(fault) else None


def _unwritable(fault: Exception) -> bool:
    """Tell it also where a session that cannot be saved says so in its own words."""
    return any(isinstance(each, UNWRITABLE) for each in (fault, fault.__context__))


def answer(request: HttpRequest, fault: Exception) -> HttpResponse:
    log.error("%s %s cannot be written: %r", request.method, request.path, fault)
    request.session.modified = False  # it cannot be saved either
    page = render_to_string("503.html")  # without the request: it would ask the database
    return HttpResponse(page, status=503, headers={"Retry-After": str(AGAIN_AFTER)})

"""Pages that somebody may not open: that it was tried is written to the log."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from archive.services import refusals, viewing
from config import unwritable

REASONS: dict[type[Exception], str] = {
    PermissionDenied: "not allowed",
    Http404: "not there, or of another office",
}


class RefusalsMiddleware:
    """Notes who was refused which address; what the answer says is left to Django."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        reason = REASONS.get(type(fault))
        if reason is None or not request.user.is_authenticated:
            return None
        if isinstance(fault.__cause__, viewing.ForeignRecordError):  # its own line says more
            return None
        try:
            refusals.note(request, "page.open", by=request.user, reason=reason)
        except unwritable.UNWRITABLE as unwritten:
            return unwritable.answer(request, unwritten)
        return None

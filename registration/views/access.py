"""Who may open a page of the counter, and which case it is about."""

from typing import cast

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from registration.models import Application, Office, User
from registration.queries import cases

may_see = permission_required("registration.view_application", raise_exception=True)
may_act = permission_required("registration.change_application", raise_exception=True)
may_close_days = permission_required("registration.add_daysheet", raise_exception=True)
may_report = permission_required("registration.view_reports", raise_exception=True)
may_see_bodies = permission_required("registration.view_bodyhealth", raise_exception=True)
may_open = permission_required("registration.add_application", raise_exception=True)


def officer(request: HttpRequest) -> User:
    """Return who is logged in; LoginRequiredMiddleware lets nobody else come here."""
    return cast("User", request.user)


def office(request: HttpRequest) -> Office:
    """Return the office of who is logged in; raise PermissionDenied for who has none."""
    found = officer(request).office
    if found is None:
        raise PermissionDenied
    return found


def case(request: HttpRequest, number: str) -> Application:
    """Return the case; raise Http404 where there is none and refuse another office's."""
    return cases.get(officer(request), number)


def held(request: HttpRequest, number: str) -> Application:
    """Return the case whose person and papers the counter still has; else raise Http404."""
    found = case(request, number)
    if cases.forgotten(found):
        raise Http404
    return found

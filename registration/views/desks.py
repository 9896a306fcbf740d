"""The desks of an office: which of them is alive and what its reader holds."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registration.models import Desk, User
from registration.queries.desks import DeskState
from registration.views import access


def states(user: User) -> list[DeskState]:
    """Return the active desks of the officer's office."""
    desks = Desk.objects.filter(active=True, office=user.office_id)
    return [DeskState.of(desk) for desk in desks]


@require_safe
@access.may_see
def show(request: HttpRequest) -> HttpResponse:
    desks = states(access.officer(request))
    return render(request, "registration/_desks.html", {"desks": desks})


def choice(request: HttpRequest) -> dict[str, Any]:
    """Return the desks to choose from and the one that this officer used last."""
    return {
        "desks": states(access.officer(request)),
        "chosen": request.session.get("desk", ""),
    }


def used(request: HttpRequest) -> Desk | None:
    """Return the desk at which this officer sits: the one used last, else the office's only one."""
    desks = Desk.objects.filter(active=True, office=access.officer(request).office_id)
    last = desks.filter(code=request.session.get("desk", "")).first()
    return last or (desks.get() if desks.count() == 1 else None)

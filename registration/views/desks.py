"""The desks of an office: which of them is alive and what its reader holds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from registration.models import Desk, User
from registration.views import access


@dataclass(frozen=True)
class DeskState:
    """A desk's last word about itself; `seconds` ago."""

    code: str
    name: str
    reader: str
    card_present: bool
    seen_at: datetime | None
    seconds: int
    alive: bool

    @classmethod
    def of(cls, desk: Desk) -> Self:
        age = timezone.now() - desk.seen_at if desk.seen_at else timedelta.max
        return cls(
            desk.code,
            desk.name,
            desk.reader,
            desk.card_present,
            desk.seen_at,
            seconds=max(0, int(age.total_seconds())),
            alive=age < timedelta(seconds=int(str(settings.OVERA["DESK_SILENT_AFTER"]))),
        )


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

"""The step "unblocking" of a case of Obrazac 2, and its place beside a case of Obrazac 1."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.forms.unblockings import BesideForm, ElsewhereForm, UnblockForm
from registration.models import Application, Unblocking
from registration.queries import gate, issuances
from registration.services.unblockings import PUK_DOUBTFUL
from registration.views import sentences
from registration.views.parts.making import Point
from registration.workflow import requests
from registration.workflow.states import OPEN, State
from registration.workflow.unblocking import Stage

_POINTS: dict[str, Any] = {
    "checking-card": gettext_lazy("Card"),
    "waiting-citizen": gettext_lazy("PIN"),
    "unblocking": gettext_lazy("Unblocking"),
}
_NOW: dict[str, Any] = {
    "checking-card": gettext_lazy("The desk looks at the card."),
    "waiting-citizen": gettext_lazy(
        "Hand over the keyboard: the citizen types the PIN twice on the citizen screen."
    ),
    "unblocking": gettext_lazy("The card takes the PIN."),
}
_BLOCKED = "pin-blocked"
_LACKING = "not-available"
_VENDOR = gettext_lazy(
    "This kind of card cannot be unblocked here: the tool of its vendor is needed. Use it, then "
    "write down below how it was done."
)


@dataclass(frozen=True)
class AtDesk:
    """An unblocking that is not done yet, as the page shows it."""

    stage: str
    points: list[Point]
    running: bool
    citizen: bool  # it is the citizen's turn
    sentence: str
    failure_code: str

    @property
    def elsewhere(self) -> bool:
        """Tell whether the card cannot be unblocked here."""
        return self.failure_code == _LACKING


@dataclass(frozen=True)
class Beside:
    """The case of Obrazac 2 of a case of Obrazac 1. `blocked`: the making stopped at the PIN."""

    case: Application | None
    performed: bool
    blocked: bool

    @property
    def wanted(self) -> bool:
        """Tell whether nothing goes on without it."""
        return self.blocked and not self.performed


def of(application: Application) -> Unblocking | None:
    return Unblocking.objects.select_related("desk").filter(application=application).first()


def shown(application: Application, bound: Mapping[str, Any], *, acting: bool) -> dict[str, Any]:
    """Return what the step's template needs, and what a case of the other form shows of it."""
    row, asked = of(application), requests.of(application.procedure)
    done = row if row and row.stage == Stage.DONE else None
    open_ = row if row and not done else None
    quiet = row is None or row.stage == Stage.INTERRUPTED
    wanted = acting and quiet and _is_form_2(application) and application.state == State.SIGNED
    return {
        "unblocked": done,
        "unblocking": _at_desk(open_) if open_ else None,
        "unblock_requirements": gate.requirements(application) if _is_form_2(application) else (),
        "unblock_ready": wanted and gate.ready(application),
        "unblock_form": _order(application, open_, bound) if wanted else None,
        "elsewhere_form": bound.get("elsewhere_form", ElsewhereForm()) if wanted else None,
        "beside": _beside(application) if asked.certificate else None,
        "beside_form": bound.get("beside_form", BesideForm()),
        "beside_allowed": asked.certificate
        and acting
        and application.state in OPEN - {State.ISSUED},
    }


def note(done: Unblocking | None) -> str:
    """Sum up the finished step in one line."""
    if done is None or done.done_at is None:
        return ""
    at = f"{timezone.localtime(done.done_at):%d.%m.%Y. %H:%M}"
    if done.desk is None:
        return _("done elsewhere, %(at)s") % {"at": at}
    return _("the card took the PIN, %(at)s") % {"at": at}


def _is_form_2(application: Application) -> bool:
    return requests.of(application.procedure) == requests.FORM_2


def _order(
    application: Application, row: Unblocking | None, bound: Mapping[str, Any]
) -> UnblockForm:
    """Return the form of the order; after an interruption the option was read already."""
    read = requests.circled(application.procedure, application.pin_choice)
    fresh = UnblockForm(doubtful=is_doubtful(row), initial={"option": read} if row else {})
    form: UnblockForm = bound.get("unblock_form", fresh)
    return form


def is_doubtful(row: Unblocking | None) -> bool:
    """Tell whether the card's PUK is tried only if the officer says so."""
    return row is not None and row.failure_code in PUK_DOUBTFUL


def _at_desk(row: Unblocking) -> AtDesk:
    running = row.stage == Stage.WAITING
    word = str(row.progress.get("stage", ""))
    reached = word if word in _POINTS else "checking-card"
    failure = sentences.of_failure(row.failure_code, row.failure_facts)
    if row.failure_code == _LACKING:
        failure = str(_VENDOR)
    return AtDesk(
        stage=row.stage,
        points=_points(reached, "current" if running else "failed"),
        running=running,
        citizen=running and reached == "waiting-citizen",
        sentence=str(_NOW[reached]) if running else failure,
        failure_code=row.failure_code,
    )


def _points(reached: str, status: str) -> list[Point]:
    at = list(_POINTS).index(reached)
    statuses = ["done"] * at + [status] + ["later"] * (len(_POINTS) - at - 1)
    titles = zip(_POINTS.items(), statuses, strict=True)
    return [Point(code, title, each) for (code, title), each in titles]


def _beside(application: Application) -> Beside:
    last = application.links.order_by("pk").last()
    issuance = issuances.current(application)
    blocked = issuance is not None and issuance.failure_code == _BLOCKED
    row = of(last) if last else None
    performed = bool(row and row.done_at)
    if row and row.done_at and issuance:
        performed = row.done_at > issuance.moved_at
    return Beside(last, performed, blocked)

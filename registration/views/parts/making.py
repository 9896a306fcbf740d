"""The making of the certificate as a row of points, from the card to the proof."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registration.models import Application, Issuance
from registration.queries import issuances
from registration.services.transactions import APPROVAL
from registration.views import sentences
from registration.workflow.issuance import BODY_AWAY, RUNNING, Stage

POINTS: dict[str, Any] = {
    "card": _("Card"),
    "pin": _("PIN"),
    "key": _("Key"),
    "request": _("Request"),
    "ca": _("Certification body"),
    "writing": _("Writing"),
    "reading-back": _("Reading back"),
    "proof": _("Proof"),
}

_CITIZEN = "waiting-citizen"

# The desk's own word for where it is → our point; a PIN asked for while writing stays "writing".
_AT_DESK = {
    "checking-card": "card",
    _CITIZEN: "pin",
    "generating": "key",
    "signing-request": "request",
    "writing": "writing",
    "reading-back": "reading-back",
    "proving": "proof",
}

_BEFORE_CA = frozenset({"card", "pin", "key", "request"})

_NOW: dict[str, Any] = {
    "card": _("The desk looks at the card."),
    "pin": _("Hand over the keyboard: the citizen types the PIN on the citizen screen."),
    "pad": _("The citizen types the PIN on the keys of the card reader."),
    "key": _("The chip makes its key. This may take a few seconds."),
    "request": _("The chip signs the request."),
    "ca": _("The certification body issues the certificate."),
    "approval": _(
        "The certification body has the request. Somebody there has to approve it; the case goes on"
        " by itself. The citizen need not wait, but the card is needed again."
    ),
    "writing": _("The certificate is written into the chip."),
    "reading-back": _("The certificate is read back and compared."),
    "proof": _("The chip proves that key and certificate belong together."),
}


@dataclass(frozen=True)
class Point:
    """A point of the row. `status`: done, current, failed, later."""

    code: str
    title: Any
    status: str


@dataclass(frozen=True)
class Making:
    """The making of the certificate whose turn it is, as the page shows it."""

    role: str  # of the certificate, in words
    turn: int
    turns: int
    stage: str
    point: str
    points: list[Point]
    running: bool
    citizen: bool  # it is the citizen's turn
    sentence: str
    tries_left: int | None
    failure_code: str
    resumable: bool
    stoppable: bool  # nothing at a desk runs: the officer may give up
    lost: bool  # the certification body's answer: a person decides

    @property
    def under_way(self) -> bool:
        """Tell whether it may move without the officer."""
        return self.running or self.failure_code == BODY_AWAY


def of(application: Application) -> Making | None:
    """Return where the making is and what is to be said about it; None when nothing is made."""
    planned = issuances.live(application)
    current = issuances.current(application)
    if current is None or current.stage == Stage.CONFIRMED:
        return None
    return _of(current, planned.index(current) + 1, len(planned))


def _of(issuance: Issuance, turn: int, turns: int) -> Making:
    running = Stage(issuance.stage) in RUNNING
    code = _point(issuance)
    citizen = running and issuance.progress.get("stage") == _CITIZEN
    return Making(
        role=issuance.get_role_display(),
        turn=turn,
        turns=turns,
        stage=issuance.stage,
        point=code,
        points=_points(code, "current" if running else "failed"),
        running=running,
        citizen=citizen,
        sentence=_sentence(issuance, code),
        tries_left=issuance.progress.get("tries_left") if citizen else None,
        failure_code=issuance.failure_code,
        resumable=issuance.stage == Stage.INTERRUPTED,
        stoppable=not running or issuance.progress.get("stage") == APPROVAL,
        lost=issuance.stage == Stage.UNKNOWN,
    )


def _point(issuance: Issuance) -> str:
    """Return the point reached; what the journal holds outweighs the desk's last word."""
    said = _AT_DESK.get(str(issuance.progress.get("stage", "")), "card")
    if issuance.request and not hasattr(issuance, "certificate"):
        return "ca"
    return "writing" if issuance.request and said in _BEFORE_CA else said


def _points(reached: str, status: str) -> list[Point]:
    codes = list(POINTS)
    at = codes.index(reached)
    states = ["done"] * at + [status] + ["later"] * (len(codes) - at - 1)
    return [Point(code, POINTS[code], state) for code, state in zip(codes, states, strict=True)]


def _sentence(issuance: Issuance, point: str) -> str:
    if Stage(issuance.stage) not in RUNNING:
        return _failure(issuance)
    if issuance.progress.get("stage") == _CITIZEN:
        return _citizens_turn(issuance.progress)
    waiting = issuance.progress.get("stage") == APPROVAL
    return str(_NOW["approval" if waiting else point])


def _citizens_turn(progress: Mapping[str, Any]) -> str:
    """Say where the PIN is typed, and which time of how many."""
    where, times = str(_NOW["pad" if progress.get("pad") else "pin"]), progress.get("of") or 1
    if times == 1:
        return where
    which = gettext("(%(prompt)s of %(of)s)") % {"prompt": progress.get("prompt"), "of": times}
    return f"{where} {which}"


def _failure(issuance: Issuance) -> str:
    if issuance.stage == Stage.UNKNOWN:
        return gettext(
            "The answer of the certification body is lost. Ask there whether a certificate was "
            "issued before anything else is done."
        )
    return sentences.of_failure(issuance.failure_code, issuance.failure_facts)

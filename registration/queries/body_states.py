"""How certification bodies are, whom they serve and what waits for them, for the administrator."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from registration.ca import advice as sentences
from registration.models import BodyHealth, Issuance, Office, StatusRequest
from registration.queries import bodies, issuances
from registration.workflow.issuance import Stage
from registration.workflow.status import Stage as StatusStage

_ITS_OWN = frozenset({"ca-unreachable", "ca-refused", "ca-answer-lost"})


@dataclass(frozen=True)
class BodyState:
    """A body as it was when it was asked last; `well` is None before that. `faults`: sentences."""

    name: str  # empty: the default one
    title: str
    connector: str  # empty where it is not set any more
    offices: tuple[Office, ...]
    well: bool | None
    since: datetime | None
    asked_at: datetime | None
    issuings: int  # that wait for it
    changes: int  # of a status, that wait for it
    faults: tuple[str, ...]


def every(now: datetime) -> list[BodyState]:
    """Return the bodies that are set, and those that are not any more but are waited for."""
    known = {row.body: row for row in BodyHealth.objects.all()}
    begun = Issuance.objects.exclude(stage=Stage.ABANDONED).exclude(body__in=bodies.names())
    gone = sorted(set(begun.values_list("body", flat=True)))
    return [_of(name, known.get(name), now) for name in (*bodies.names(), *gone)]


def well(name: str) -> str:
    connector = bodies.section(name)["CA"]["CONNECTOR"]
    return gettext("The certification body (%(connector)s) answers and can be asked.") % {
        "connector": connector
    }


def about(issuance: Issuance) -> str:
    """Say what to do about an issuance that the body's answer, or its silence, stopped."""
    if issuance.failure_code not in _ITS_OWN:
        return ""
    return advice(issuance.body, str(issuance.failure_facts.get("reason", "")))


def advice(name: str, reason: str) -> str:
    """Say what to do about a body that is not well, with its own settings' names."""
    said = gettext(sentences.sentence(reason)) % {"reason": reason.removeprefix(sentences.SETTING)}
    return said.replace(bodies.prefix(bodies.DEFAULT), bodies.prefix(name))


def _of(name: str, row: BodyHealth | None, now: datetime) -> BodyState:
    is_set = name in bodies.names()
    served = [each for each in Office.objects.all() if bodies.of_office(each) == name]
    return BodyState(
        name=name,
        title=name or gettext("The default body"),
        connector=bodies.section(name)["CA"]["CONNECTOR"] if is_set else "",
        offices=tuple(served),
        well=row.ok if row and is_set else None,
        since=row.since if row and is_set else None,
        asked_at=row.asked_at if row and is_set else None,
        issuings=issuances.waiting_at(name).count(),
        changes=_changes(name),
        faults=tuple(_faults(name, row, now) if is_set else _gone(name)),
    )


def _changes(name: str) -> int:
    waiting = StatusRequest.objects.filter(stage=StatusStage.WAITING)
    return waiting.filter(certificates__issuance__body=name).distinct().count()


def _faults(name: str, row: BodyHealth | None, now: datetime) -> Iterator[str]:
    if row is not None and not row.ok:
        yield advice(name, row.reason)
    if row is None or now - row.asked_at > bodies.word_counts_for():
        yield gettext(
            "Nobody has asked it lately. Look whether the worker and its clock (beat) run."
        )


def _gone(name: str) -> Iterator[str]:
    yield gettext(
        "Certificates were issued or begun with it, and it is not in the settings any more: nothing"
        " can be revoked or looked up there. Put %(setting)s back, with all that belongs to it."
    ) % {"setting": bodies.prefix(name).removesuffix("_")}

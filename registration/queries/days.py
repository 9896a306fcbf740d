"""What an office did on one day, in numbers, and what of it does not fit together yet."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.models import AuditEvent
from archive.services import audit
from registration.models import Application, Certificate, DaySheet, Handover, Office, Paper
from registration.workflow.states import State

FIGURES: dict[str, tuple[Any, frozenset[str]]] = {  # what is counted → its name, its events
    "opened": (_("Cases opened"), frozenset({"case.open"})),
    "printed": (_("Cases printed"), frozenset({"case.print", "case.reprint"})),
    "signed": (_("Cases signed"), frozenset({"case.sign"})),
    "issued": (_("Cases with a certificate issued"), frozenset({"case.confirm"})),
    "performed": (
        _("Other services performed"),
        frozenset({"case.perform", "case.perform_elsewhere", "case.change_status"}),
    ),
    "handed_over": (_("Cases handed over"), frozenset({"case.hand_over"})),
    "filed": (_("Cases filed"), frozenset({"case.file"})),
    "withdrawn": (_("Cases withdrawn"), frozenset({"case.withdraw"})),
    "refused": (_("Cases refused"), frozenset({"case.refuse"})),
    "recalled": (_("Certificates recalled"), frozenset({"case.recall"})),
}
_FILED = "record.filed"  # its facts name papers and certificates; its subject is a file number
_EVENTS = frozenset({_FILED}).union(*(events for _name, events in FIGURES.values()))


@dataclass(frozen=True)
class Difference:
    """A case in which something is still open."""

    case: str
    since: date
    what: Any


@dataclass(frozen=True)
class Day:
    """`figures`: (name, number) in the order of the work."""

    day: date
    figures: tuple[tuple[Any, int], ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class _Happened:
    """The events of an office on a day."""

    cases: dict[str, set[str]]  # event → numbers of the cases
    filed: dict[str, dict[str, Any]]  # number of the case → what its filing says


def of(office: Office, day: date) -> Day:
    """Return a day as the log tells it, with what stands open now of that day and before."""
    happened = _happened(office, day)
    counted = [
        (name, len(set[str]().union(*(happened.cases.get(event, set()) for event in events))))
        for name, events in FIGURES.values()
    ]
    _from, until = _bounds(day)
    return Day(
        day,
        (*counted, *_things(office, day, happened)),
        (*_not_filed(office, until), *_filed_without(day, happened)),
    )


def sheets(office: Office, limit: int) -> Iterable[DaySheet]:
    """Return what was printed, the last day first."""
    return DaySheet.objects.filter(office=office).select_related("printed_by")[:limit]


def _bounds(day: date) -> tuple[datetime, datetime]:
    begin, end = (datetime.combine(each, time.min) for each in (day, day + timedelta(days=1)))
    return timezone.make_aware(begin), timezone.make_aware(end)


def _happened(office: Office, day: date) -> _Happened:
    since, until = _bounds(day)
    events = AuditEvent.objects.filter(
        stream=audit.DECISIONS, at__gte=since, at__lt=until, event__in=_EVENTS
    )
    told = list(events.values_list("event", "subject", "facts"))
    subjects = {subject for _event, subject, _facts in told}
    ours = Application.objects.filter(office=office, number__in=subjects)
    numbers = set(ours.values_list("number", flat=True))
    cases: dict[str, set[str]] = {}
    for event, subject, _facts in told:
        if subject in numbers:
            cases.setdefault(event, set()).add(subject)
    records = [facts for event, _subject, facts in told if event == _FILED]
    return _Happened(
        cases, {each["case_number"]: each for each in records if each["office"] == office.code}
    )


def _things(office: Office, day: date, happened: _Happened) -> Iterator[tuple[Any, int]]:
    """Yield what was counted in papers and certificates instead of cases."""
    since, until = _bounds(day)
    printed = Paper.objects.filter(
        application__office=office, packet__printed_at__gte=since, packet__printed_at__lt=until
    )
    issued = Certificate.objects.filter(
        application__office=office, received_at__gte=since, received_at__lt=until
    )
    yield _("Papers printed"), printed.count()
    yield _("Papers filed"), sum(len(each["papers"]) for each in happened.filed.values())
    yield _("Certificates issued"), issued.count()
    filed = sum(len(each["certificates"]) for each in happened.filed.values())
    yield _("Certificates filed"), filed


def _not_filed(office: Office, until: datetime) -> Iterator[Difference]:
    """Yield cases with a result that are not in the archive; they stand open whatever the day."""
    done = Application.objects.filter(office=office, state__in=[State.ISSUED, State.PERFORMED])
    handed = set(
        Handover.objects.filter(application__in=done).values_list("application", flat=True)
    )
    for case in done.filter(changed_at__lt=until).order_by("number"):
        open_ = case.state == State.ISSUED and case.pk not in handed
        what = _("issued, not handed over") if open_ else _("done, not filed")
        yield Difference(case.number, timezone.localdate(case.changed_at), what)


def _filed_without(day: date, happened: _Happened) -> Iterator[Difference]:
    """Yield cases whose file of that day lacks a certificate or a paper that the case has."""
    for number, facts in sorted(happened.filed.items()):
        certificates = Certificate.objects.filter(application__number=number, revoked_at=None)
        issued = set(certificates.values_list("serial", flat=True))
        if issued - {serial for _role, serial, _sha256 in facts["certificates"]}:
            yield Difference(number, day, _("filed without a certificate that was issued"))
        papers = Paper.objects.filter(application__number=number, superseded_at=None)
        expected = set(papers.filter(signatures__withdrawn_at=None).values_list("kind", "copy"))
        if expected - {(kind, copy) for kind, copy, _sha256 in facts["papers"]}:
            yield Difference(number, day, _("filed without a paper that was signed"))

"""Who signed which general terms: certificates that live on, by the version signed for them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import QuerySet
from django.utils import timezone

from registration.models import Evidence, Issuance, Paper, PaperVersion, Signature
from registration.queries import wording
from registration.reports.scope import Scope
from registration.workflow.issuance import Stage

_READ = (
    *("certificate__not_after", "application__number"),
    *("application__office__code", "application__office__name"),
)  # nothing that is sealed


@dataclass(frozen=True)
class Signed:
    """Certificates that live at one office under one version of the terms."""

    version: str
    valid_from: date | None
    replaced: bool  # by a later version that is in force
    office: str
    cases: int
    certificates: int
    key: str
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Earlier:
    """A case whose citizen signed terms that are not in force any more."""

    number: str
    office: str
    version: str
    signed_on: date
    current: str
    valid_until: date
    certificates: int

    @property
    def key(self) -> str:
        return self.number

    @property
    def numbers(self) -> tuple[str, ...]:
        return (self.number,)


@dataclass(frozen=True)
class _Live:
    """A certificate that is on a card, with the terms that its making was begun upon."""

    issuance: Issuance
    version: str
    signed_on: date

    @property
    def number(self) -> str:
        return self.issuance.application.number


class _Versions:
    """The versions of the terms: since when each is valid, which is in force."""

    def __init__(self, today: date) -> None:
        self._today = today

    @cached_property
    def current(self) -> str:
        try:
            return wording.current(Paper.Kind.TERMS, self._today).code
        except wording.PaperMissingError:
            return ""

    @cached_property
    def since(self) -> dict[str, date]:
        found = PaperVersion.objects.filter(kind=Paper.Kind.TERMS)
        return dict(found.values_list("code", "valid_from"))


def rows(asked: Scope) -> list[Signed]:
    """Return a row for each version and office, the version signed first on top."""
    versions = _Versions(asked.end)
    grouped = defaultdict(list)
    for each in _live(asked):
        grouped[each.version, each.issuance.application.office_id].append(each)
    counted = (_row(versions, signed) for signed in grouped.values())
    return sorted(counted, key=lambda row: (row.version, row.office))


def earlier(asked: Scope) -> list[Earlier]:
    """Return the cases under terms that were replaced, those signed longest ago first."""
    versions = _Versions(asked.end)
    grouped = defaultdict(list)
    for each in _live(asked):
        if each.version != versions.current:
            grouped[each.number].append(each)
    listed = (_case(versions, signed) for signed in grouped.values())
    return sorted(listed, key=lambda row: (row.signed_on, row.number))


def by_version(found: Iterable[Signed]) -> list[tuple[str, int]]:
    """Return every version with its certificates at all offices that were asked about."""
    counted: dict[str, int] = defaultdict(int)
    for row in found:
        counted[row.version] += row.certificates
    return list(counted.items())


def _live(asked: Scope) -> list[_Live]:
    live = Issuance.objects.filter(
        stage=Stage.CONFIRMED,
        certificate__revoked_at=None,
        certificate__not_after__gt=timezone.now(),
        application__office__in=asked.offices,
    )
    terms = _terms(live)
    found = live.select_related("application__office", "certificate").only(*_READ)
    return [
        _Live(each, *terms[str(each.pk)])
        for each in found.order_by("application__number")
        if str(each.pk) in terms
    ]


def _terms(live: QuerySet[Issuance]) -> dict[str, tuple[str, date]]:
    """Return (version, day) of the citizen's signature that each issuance was begun upon."""
    signed = Evidence.objects.filter(
        issuance__in=live,
        kind="signature",
        facts__paper=Paper.Kind.TERMS.value,
        facts__role=Signature.Role.CITIZEN.value,
        facts__copy=1,
    )
    return {
        str(issuance): (facts["version"], date.fromisoformat(facts["signed_on"]))
        for issuance, facts in signed.values_list("issuance", "facts")
    }


def _row(versions: _Versions, signed: list[_Live]) -> Signed:
    version, office = signed[0].version, signed[0].issuance.application.office
    numbers = tuple(dict.fromkeys(each.number for each in signed))
    return Signed(
        version=version,
        valid_from=versions.since.get(version),
        replaced=version != versions.current,
        office=str(office),
        cases=len(numbers),
        certificates=len(signed),
        key=f"{version}.{office.pk}",
        numbers=numbers,
    )


def _case(versions: _Versions, signed: list[_Live]) -> Earlier:
    first = signed[0]
    until = min(each.issuance.certificate.not_after for each in signed)
    return Earlier(
        number=first.number,
        office=str(first.issuance.application.office),
        version=first.version,
        signed_on=first.signed_on,
        current=versions.current,
        valid_until=timezone.localdate(until),
        certificates=len(signed),
    )

"""Questions of keeping: which list counts on a day, what belongs where, who renewed whom."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from archive.models import (
    Category,
    CategoryList,
    CategoryRule,
    CertificateConcerned,
    ListApplication,
    Record,
    RecordCertificate,
)
from archive.retention import Life, Line


def list_on(day: date) -> CategoryList | None:
    """Return the list of categories that counts on a day."""
    in_force = CategoryList.objects.filter(state=CategoryList.State.IN_FORCE, valid_from__lte=day)
    return in_force.order_by("valid_from", "number").last()


def category_of(named: CategoryList, kind: str, outcome: str) -> Category | None:
    """Return where a list puts cases of a kind that ended so."""
    found = Category.objects.filter(rules__list=named, rules__kind=kind, rules__outcome=outcome)
    return found.select_related("list").first()


def places(named: CategoryList) -> dict[tuple[str, str], Category]:
    """Return where a list puts each kind of case with each outcome."""
    rules = named.rules.select_related("category__list")
    return {(rule.kind, rule.outcome): rule.category for rule in rules}


def under_others(named: CategoryList) -> QuerySet[Record]:
    """Return the records that stand under another list, or none, and have a place in this one."""
    rule = CategoryRule.objects.filter(list=named, kind=OuterRef("kind"), outcome=OuterRef("state"))
    return Record.objects.filter(~Q(category__list=named) | Q(category=None), Exists(rule))


def applications() -> QuerySet[ListApplication]:
    """Return the lists that are being applied, none of which is done."""
    return ListApplication.objects.filter(done_at=None).order_by("started_at")


def lines(named: CategoryList) -> list[Line]:
    """Return what a list says, in its order."""
    return [
        Line(
            each.mark,
            each.name,
            each.years,
            each.counting,
            tuple((rule.kind, rule.outcome) for rule in each.rules.all()),
        )
        for each in named.categories.prefetch_related("rules")
    ]


def table(named: CategoryList) -> list[tuple[Category, list[str]]]:
    """Return the categories of a list, each with the cases that belong to it, in words."""
    said = dict(cases())
    categories = named.categories.prefetch_related("rules")
    return [
        (each, [said[rule.kind, rule.outcome] for rule in each.rules.all()]) for each in categories
    ]


def uncovered(named: CategoryList) -> list[str]:
    """Return, in words, the cases that no category of a list takes."""
    covered = {(rule.kind, rule.outcome) for rule in named.rules.all()}
    return [label for case, label in cases() if case not in covered]


def cases() -> Iterator[tuple[tuple[str, str], str]]:
    """Yield every kind of case with each of its outcomes, and both in words."""
    kinds, outcomes = Record.Kind, Record.State
    for kind in kinds:
        made = outcomes.ISSUED if kind in (kinds.ISSUE, kinds.RENEW) else outcomes.PERFORMED
        for outcome in (made, outcomes.REFUSED, outcomes.WITHDRAWN):
            yield (kind.value, outcome.value), f"{kind.label}: {outcome.label}"


def chain(serials: Iterable[str]) -> list[RecordCertificate]:
    """Return the certificates on record that these renewed or were renewed by, however far.

    They themselves are among them. One that is in no record (known from a card alone) still
    joins those that name it.
    """
    found: dict[int, RecordCertificate] = {}
    asked: set[str] = set()
    waiting = set(serials)
    while waiting:
        near = Q(serial__in=waiting) | Q(renews__in=waiting) | Q(renewed_by__in=waiting)
        links = list(RecordCertificate.objects.filter(near))
        found |= {each.pk: each for each in links}
        asked |= {"", *waiting}
        named = {name for each in links for name in (each.serial, each.renews, each.renewed_by)}
        waiting = named - asked
    return [found[pk] for pk in sorted(found)]


def hanging_on(serials: Iterable[str]) -> set[int]:
    """Return the records whose years hang on these certificates or on the chains of these."""
    linked = chain(serials)
    names = {*serials, *(each.serial for each in linked)}
    concerned = CertificateConcerned.objects.filter(serial__in=names)
    return {each.record_id for each in linked} | set(concerned.values_list("record", flat=True))


def lives(record: Record) -> tuple[list[Life], list[Life]]:
    """Return the lives of a record's certificates, and those of their whole chains."""
    made, concerned = list(record.certificates.all()), list(record.concerned.all())
    own = [each.life for each in made] + [each.life for each in concerned]
    names = {each.serial for each in made} | {each.serial for each in concerned}
    return own, [each.life for each in chain(names)]

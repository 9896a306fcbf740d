"""Questions of keeping: which list counts on a day, what belongs where, who renewed whom."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from archive.models import (
    Category,
    CategoryList,
    CertificateConcerned,
    Record,
    RecordCertificate,
)
from archive.retention import Life


def list_on(day: date) -> CategoryList | None:
    """Return the list of categories that counts on a day."""
    in_force = CategoryList.objects.filter(state=CategoryList.State.IN_FORCE, valid_from__lte=day)
    return in_force.order_by("valid_from", "number").last()


def category_on(day: date, kind: str, outcome: str) -> Category | None:
    """Return where the list of a day puts cases of a kind that ended so."""
    named = list_on(day)
    found = Category.objects.filter(rules__list=named, rules__kind=kind, rules__outcome=outcome)
    return found.first()


def serials(record: Record) -> set[str]:
    """Return the certificates that a record is about, made by its case or by another one."""
    made = record.certificates.values_list("serial", flat=True)
    return {*made, *record.concerned.values_list("serial", flat=True)}


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
    own = [each.life for each in record.certificates.all()]
    own += [each.life for each in record.concerned.all()]
    return own, [each.life for each in chain(serials(record))]

"""Records on file get their category, the entry of their office's book and, where the log tells
it, the certificates that a change of status was about. Terms stay as they were counted.

Everything is done by sets or by rows read one after another: memory does not grow with the archive.
"""

from typing import Any

from django.conf import settings
from django.db import migrations
from django.db.models import Count, Max
from django.db.models.functions import ExtractYear
from django.utils import timezone

from archive import shipped

_BATCH = 500
_EMPTIED = (
    *("CertificateConcerned", "BookStrike", "BookEntry", "Book"),
    *("ListApplication", "CategoryRule", "Category", "CategoryList"),
)


def fill(apps: Any, _schema_editor: Any) -> None:
    _first_list(apps)
    for rule in apps.get_model("archive", "CategoryRule").objects.all():
        records = apps.get_model("archive", "Record").objects
        records.filter(kind=rule.kind, state=rule.outcome).update(category=rule.category)
    _enter(apps)
    _concern(apps)


def empty(apps: Any, _schema_editor: Any) -> None:
    apps.get_model("archive", "Record").objects.update(category=None, book_entry=None)
    for name in _EMPTIED:
        rows = apps.get_model("archive", name).objects.all()
        rows._raw_delete(rows.db)  # noqa: SLF001 - all of them, nothing is to follow


def _first_list(apps: Any) -> None:
    first = apps.get_model("archive", "CategoryList").objects.create(
        number=1,
        valid_from=shipped.VALID_FROM,
        state="in_force",
        written_at=timezone.now(),
        approved_by="system",
        approved_at=timezone.now(),
    )
    for position, each in enumerate(shipped.CATEGORIES, start=1):
        category = apps.get_model("archive", "Category").objects.create(
            list=first,
            position=position,
            mark=each.mark,
            name=each.name,
            years=settings.OVERA["RETENTION_YEARS"],
            counting=str(each.counting),
        )
        for kind, outcome in each.outcomes:
            apps.get_model("archive", "CategoryRule").objects.create(
                list=first, kind=kind, outcome=outcome, category=category
            )


def _enter(apps: Any) -> None:
    """Enter what each office has of each category and year; nothing is numbered yet."""
    records = apps.get_model("archive", "Record").objects
    names = records.order_by().values("office_code").annotate(name=Max("office_name"))
    books = {
        row["office_code"]: apps.get_model("archive", "Book").objects.create(
            office_code=row["office_code"], office_name=row["name"]
        )
        for row in names
    }
    by_year = records.order_by().exclude(category=None).annotate(year=ExtractYear("decided_on"))
    for row in by_year.values("office_code", "category", "year").annotate(pieces=Count("id")):
        entry = apps.get_model("archive", "BookEntry").objects.create(
            book=books[row["office_code"]],
            category_id=row["category"],
            year=row["year"],
            pieces=row["pieces"],
        )
        records.filter(
            office_code=row["office_code"],
            category=row["category"],
            decided_on__year=row["year"],
        ).update(book_entry=entry)


def _concern(apps: Any) -> None:
    """Link changes of status with their certificates: the log says in which case each changed."""
    told = apps.get_model("archive", "AuditEvent").objects.filter(
        event__in=["certificate.revoke", "certificate.suspend", "certificate.reactivate"]
    )
    links: list[Any] = []
    for facts in told.order_by("id").values_list("facts", flat=True).iterator(_BATCH):
        if "case" in facts:
            links += _link(apps, facts)
        if len(links) >= _BATCH:
            _save(apps, links)
            links = []
    _save(apps, links)


def _link(apps: Any, facts: dict[str, Any]) -> list[Any]:
    record = apps.get_model("archive", "Record").objects.filter(case_number=facts["case"]).first()
    certificates = apps.get_model("archive", "RecordCertificate").objects
    named = list(certificates.filter(serial=facts["serial"])[:2])
    if record is None or len(named) != 1:
        return []
    (certificate,) = named
    concerned = apps.get_model("archive", "CertificateConcerned")
    return [
        concerned(
            record=record,
            serial=certificate.serial,
            issuer=certificate.issuer,
            valid_until=certificate.valid_until,
            ended_at=certificate.ended_at,
        )
    ]


def _save(apps: Any, links: list[Any]) -> None:
    concerned = apps.get_model("archive", "CertificateConcerned").objects
    concerned.bulk_create(links, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("archive", "0017_categories_and_book")]
    operations = [migrations.RunPython(fill, empty)]

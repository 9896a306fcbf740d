"""Filed cases whose person the counter has forgotten, and what is still to be found there."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from archive.models import AuditEvent, BookEntry, Disposal, Record
from archive.services import audit
from archive.services.disposal import stubs
from registration.models import Application, Desk, Office, StatusRequest, User
from registration.queries import dropping as queries
from registration.services import dropping
from tests.pages import counter
from tests.registration import making

PERSON = replace(
    counter.PETAR,
    surname="Ђурђевић",
    given_name="Жељка",
    parent_name="Његош",
    document_number="009876543",
    street="Шљивина",
    contact_email="zeljka@example.rs",
    phone="+381641234567",
)
# In whichever script or spelling; the number of the chip is that of every test's card.
TRACES = (
    *("Ђурђевић", "Đurđević", "đurđević", "djurdjevic", "ЂУРЂЕВИЋ", "Жељка", "Željka", "zeljka"),
    *("Његош", "Шљивина", "Šljivina", counter.JMBG, PERSON.document_number, PERSON.phone),
    "0011223344",
)
_PEOPLE_OF_THE_OFFICE = (User, Office)


def later(days: int = 31) -> datetime:
    return timezone.now() + timedelta(days=days)


def drop(case: Application) -> Application:
    """Let the counter forget whose case it is, as the task does a month after the filing."""
    reloaded = Application.objects.get(pk=case.pk)
    assert dropping.go_on(case.pk, later()), queries.obstacles(reloaded)
    return Application.objects.get(pk=case.pk)


def filed(officer: User, desk: Desk, **choices: Any) -> Application:
    """Return the case again as it lies in the database."""
    return Application.objects.get(pk=making.filed(officer, desk, **choices).pk)


def destroyed(case: Application) -> Record:
    """Let the archive destroy the record of a case, as a disposal would."""
    record = Record.objects.get(reference=case.record_reference)
    BookEntry.objects.filter(pk=record.book_entry_id).update(
        number=1, entered_on=timezone.localdate()
    )
    act = Disposal(number="1/2040", act_number="1/2040", act_on=timezone.localdate())
    with audit.transaction():
        stubs.erase(record, act)
    return record


def found() -> list[str]:
    """Return where the counter's tables tell of the person: raw, and with every seal opened."""
    return sorted(
        {f"{place} {trace}" for place, text in _said() for trace in TRACES if trace in text}
    )


def _said() -> Iterator[tuple[str, str]]:
    """Yield every value of every row, as it lies there and with its seal opened."""
    for model in apps.get_app_config("registration").get_models(include_auto_created=True):
        if model not in _PEOPLE_OF_THE_OFFICE:
            described = model._meta  # noqa: SLF001 - documented by Django
            rows = QuerySet(model=model).values()
            for row in (*_raw(described.db_table), *rows):
                for column, value in row.items():
                    yield f"{described.model_name}.{column}", _text(value)


def _raw(table: str) -> Iterator[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - ours
        names = [column[0] for column in cursor.description]
        for row in cursor.fetchall():
            yield dict(zip(names, row, strict=True))


def _text(value: object) -> str:
    if isinstance(value, str) and value.startswith("-----BEGIN"):
        return _text(base64.b64decode("".join(value.splitlines()[1:-1])))
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8", "replace") + bytes(value).hex()
    return str(value)


def events(case: Application) -> list[str]:
    found = AuditEvent.objects.filter(subject=case.number).order_by("number")
    return list(found.values_list("event", flat=True))


def published_now() -> None:
    """Let every change be seen that the body has confirmed."""
    StatusRequest.objects.update(published_at=timezone.now())

"""A log with events in it, and what somebody with the database's password could do to it."""

from django.db import connection

from archive import chain, triggers
from archive.models import AuditEvent, AuditHead
from archive.services import audit


def write(count: int, stream: str = "decisions", private: object = None) -> None:
    with audit.transaction():
        for number in range(count):
            audit.append("noted", subject=f"S{number}", by=None, stream=stream, private=private)


def forge(*statements: str) -> None:
    """Do what somebody with the database's password could do."""
    with connection.cursor() as cursor:
        triggers.drop(cursor, connection.vendor)
        for statement in statements:
            cursor.execute(statement)


def recompute(stream: str = "decisions") -> None:
    """Chain a stream anew, as a forger who read our source would."""
    previous, number = chain.START, 0
    for row in AuditEvent.objects.filter(stream=stream).order_by("number"):
        number += 1
        row.number, row.previous = number, previous
        row.hash = previous = chain.link(previous, row.link().event)
        row.save()
    AuditHead.objects.filter(stream=stream).update(number=number, hash=previous)

import pytest
from django.db import DatabaseError, connection

from archive.models import AuditEvent
from archive.services import audit


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_committed_event_cannot_be_deleted_and_the_next_test_starts_empty(turn: int) -> None:
    assert AuditEvent.objects.count() == 0
    with audit.transaction():
        audit.append("noted", subject=f"turn {turn}", by=None)
    with pytest.raises(DatabaseError, match="append-only"):
        connection.cursor().execute("DELETE FROM archive_auditevent")
    assert [event.subject for event in AuditEvent.objects.all()] == [f"turn {turn}"]

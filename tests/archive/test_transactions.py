import pytest
from django.db import DatabaseError, connection, transaction

from archive import chain, errors
from archive.models import AuditEvent, AuditHead
from archive.services import audit

pytestmark = pytest.mark.django_db


class Officer:
    def get_username(self) -> str:
        return "jelena"


class Clerk(Officer):
    class office:  # noqa: N801 - an attribute of the account
        code = "BG-01"


OFFICER = Officer()


def events(stream: str = "decisions") -> list[str]:
    return list(AuditEvent.objects.filter(stream=stream).values_list("event", flat=True))


def broken(stream: str = "decisions") -> list[chain.Break]:
    rows = AuditEvent.objects.filter(stream=stream).order_by("number")
    return list(chain.breaks(row.link() for row in rows))


def work(event: str) -> None:
    with audit.transaction():
        AuditHead.objects.create(stream="the work")
        audit.append(event, subject="S", by=OFFICER)


def work_and_fail(event: str) -> None:
    with audit.transaction():
        work(event)
        raise ZeroDivisionError


def test_events_are_chained_when_the_outermost_transaction_ends() -> None:
    with audit.transaction():
        audit.append("case.opened", subject="2026-0001", by=OFFICER, facts={"option": 1})
        with audit.transaction():
            audit.append("case.printed", subject="2026-0001", by=OFFICER)
        assert events() == []
    assert events() == ["case.opened", "case.printed"]
    assert broken() == []
    head = AuditHead.objects.get(stream="decisions")
    last = AuditEvent.objects.last()
    assert (head.number, head.hash, last.actor) == (2, last.hash, "jelena")


def test_a_failed_transaction_leaves_no_event_behind() -> None:
    with pytest.raises(ZeroDivisionError):
        work_and_fail("case.opened")
    with audit.transaction():
        audit.append("case.opened", subject="2026-0002", by=OFFICER)
    assert [event.subject for event in AuditEvent.objects.all()] == ["2026-0002"]


def test_a_failed_inner_transaction_takes_its_rows_and_events_along() -> None:
    with audit.transaction():
        audit.append("kept", subject="S", by=OFFICER)
        with pytest.raises(ZeroDivisionError):
            work_and_fail("lost")
    assert events() == ["kept"]
    assert AuditHead.objects.filter(stream="the work").count() == 0


def test_nothing_is_appended_outside_of_a_transaction() -> None:
    with pytest.raises(audit.AuditError), transaction.atomic():
        audit.append("case.opened", subject="2026-0001", by=OFFICER)


def test_a_refusal_stands_on_its_own() -> None:
    audit.refuse("case.issue", subject="2026-0001", by=OFFICER, reason="not signed")
    row = AuditEvent.objects.get()
    assert (row.event, row.facts) == ("case.issue.refused", {"reason": "not signed"})


def test_a_refusal_inside_of_the_refused_transaction_is_a_mistake() -> None:
    with pytest.raises(audit.AuditError), audit.transaction():
        audit.refuse("case.issue", subject="2026-0001", by=OFFICER, reason="not signed")


def test_views_go_to_the_stream_of_the_viewers_office() -> None:
    audit.view("2026-0001", by=Clerk(), reason="complaint")
    audit.view("2026-0001", by=OFFICER)
    assert (events("views.BG-01"), events("views.none")) == (["viewed"], ["viewed"])
    assert AuditEvent.objects.get(stream="views.BG-01").facts == {"reason": "complaint"}


def test_when_the_chain_cannot_be_written_the_work_is_undone() -> None:
    with audit.transaction():
        audit.append("first", subject="S", by=None)
    AuditHead.objects.update(number=0)  # the next event will collide with the first
    with pytest.raises(errors.LogUnwritableError):
        work("second")
    assert AuditHead.objects.filter(stream="the work").count() == 0
    assert events() == ["first"]


def test_facts_are_taken_as_they_were_and_only_if_they_are_json() -> None:
    facts = {"copies": [1]}
    with audit.transaction():
        audit.append("noted", subject="S", by=None, facts=facts)
        facts["copies"].append(2)
        with pytest.raises(TypeError):
            audit.append("bad", subject="S", by=None, facts={"when": object()})
    assert AuditEvent.objects.get().facts == {"copies": [1]}


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE archive_auditevent SET actor = 'nobody'",
        "DELETE FROM archive_auditevent",
        "UPDATE archive_auditprivate SET salt = 'x'",
    ],
)
def test_the_database_itself_refuses_to_rewrite(sql: str) -> None:
    with audit.transaction():
        audit.append("noted", subject="S", by=None, private={"name": "Ana"})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(sql)
    assert broken() == []

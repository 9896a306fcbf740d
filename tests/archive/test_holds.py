"""Holds: whose order, who looks at it again, what they keep from being destroyed."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from archive.disposal import State
from archive.models import AuditEvent, Hold, Record, RecordEvent
from archive.queries import holds as found
from archive.services import refusals
from archive.services.disposal import disposal_refusals, holds
from archive.services.disposal.holds import Mandate
from tests.archive import cases, disposing
from tests.archive.disposing import CLERK, HEAD, MEMBER, NOBODY, OTHER_CLERK, Employee

pytestmark = pytest.mark.django_db

COURT = Mandate("Виши суд у Београду", "К-12/26", date(2026, 3, 1), "Поступак у току")
OTHER_HEAD = disposing.employee("Hristina", found.LIFT)


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def hold(
    *rows: Record,
    by: Employee = CLERK,
    mandate: Mandate = COURT,
    reviewer: Employee = HEAD,
    review_on: date | None = None,
) -> Hold:
    when = review_on or in_days(90)
    return holds.hold(rows, mandate, reviewer=reviewer, review_on=when, by=by)


def test_a_hold_tells_its_order_and_is_told_in_every_history() -> None:
    one, two = disposing.record(), disposing.record()
    made = hold(one, two)
    assert set(found.of_record(one)) == {made}
    assert found.held([one.pk, two.pk]) == {one.pk, two.pk}
    event = one.events.get(kind=RecordEvent.Kind.HELD)
    assert (event.text, event.actor) == ("Виши суд у Београду, К-12/26", "Dragan")
    logged = AuditEvent.objects.get(event="hold.set")
    assert logged.facts["records"] == [one.file_number, two.file_number]
    assert logged.private.data["reason"] == "Поступак у току"


def test_what_cannot_be_held_is_refused_and_logged() -> None:
    row = disposing.record()
    with pytest.raises(disposal_refusals.EmptySelectionError):
        hold()
    with pytest.raises(disposal_refusals.NoRightError):
        hold(row, by=MEMBER)
    with pytest.raises(refusals.ReasonMissingError):
        hold(row, mandate=Mandate("Суд", "К-1", in_days(0), " "))
    with pytest.raises(disposal_refusals.DateError):
        hold(row, mandate=Mandate("Суд", "К-1", in_days(1), "спор"))
    with pytest.raises(disposal_refusals.DateError):
        hold(row, review_on=in_days(0))
    both = disposing.employee("Bogdan", holds.ADD, found.LIFT)
    for reviewer, by in ((OTHER_CLERK, CLERK), (both, both)):
        with pytest.raises(disposal_refusals.ReviewerError):
            hold(row, reviewer=reviewer, by=by)
    reasons = AuditEvent.objects.filter(event="hold.set.refused").values_list("facts__reason")
    assert [reason for (reason,) in reasons] == [
        *("empty selection", "no right", "no reason", "date", "date", "reviewer", "reviewer"),
    ]
    assert not Hold.objects.exists()


def test_the_reviewer_confirms_or_lifts_in_time() -> None:
    row = disposing.record()
    made = hold(row, review_on=in_days(1))
    assert not found.due(timezone.localdate())
    with disposing.after(2):
        assert list(found.due(timezone.localdate())) == [made]
        assert (found.due_for(HEAD, in_days(0)), found.due_for(OTHER_HEAD, in_days(0))) == (1, 0)
        with pytest.raises(disposal_refusals.NotReviewerError):
            holds.confirm(made.pk, "спор траје", review_on=in_days(30), by=OTHER_HEAD)
        with pytest.raises(refusals.ReasonMissingError):
            holds.confirm(made.pk, " ", review_on=in_days(30), by=HEAD)
        holds.confirm(made.pk, "спор траје", review_on=in_days(30), by=HEAD)
        assert not found.due(timezone.localdate())
        assert [each.note for each in made.reviews.all()] == ["спор траје"]
        with pytest.raises(disposal_refusals.NoRightError):
            holds.lift(made.pk, "правноснажно", by=NOBODY)
        holds.lift(made.pk, "правноснажно", by=OTHER_HEAD)
        with pytest.raises(disposal_refusals.LiftedError):
            holds.lift(made.pk, "правноснажно", by=HEAD)
    assert found.held([row.pk]) == set()
    assert row.events.filter(kind=RecordEvent.Kind.RELEASED).count() == 1


def test_what_is_destroyed_cannot_be_held(monkeypatch: pytest.MonkeyPatch) -> None:
    disposing.wait_days(monkeypatch, 0)
    row = disposing.record()
    made = hold(row)
    with pytest.raises(disposal_refusals.ObstructedError):
        disposing.proposed(row)
    holds.lift(made.pk, "правноснажно", by=HEAD)
    disposing.brought_to(State.DESTROYED, row)
    with pytest.raises(disposal_refusals.DestroyedRecordError) as refused:
        hold(row)
    assert refused.value.facts == {"records": row.file_number}
    assert not made.records.exists()


def test_lines_name_records_by_number_or_by_person() -> None:
    one, two = disposing.record(), disposing.record(jmbg=cases.OTHER_JMBG)
    every = Record.objects.all()
    assert found.typed(f"{one.file_number}\n {two.case_number} \n\n", every) == ([one, two], [])
    assert found.typed(f"{cases.OTHER_JMBG}\nSE-0/1900", every) == ([two], ["SE-0/1900"])

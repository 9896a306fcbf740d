"""When a change of status can be seen by everybody, and what is watched until then."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from registration import ca
from registration.models import Application, Desk, PublishedStatus, StatusRequest, User
from registration.queries import status_requests as queries
from registration.services import cases, publications, status_requests
from tests.ca.published import openssl
from tests.registration import status


@pytest.fixture
def issued(officer: User, desk: Desk) -> Application:
    """Return a filed case with its two certificates."""
    return status.filed(officer, desk)


def seen(row: StatusRequest) -> bool:
    publications.look(timezone.now())
    row.refresh_from_db()
    return row.published_at is not None


@pytest.mark.usefixtures("sources")
def test_the_seven_moments_follow_each_other(issued: Application, officer: User) -> None:
    case = status.changed(issued, officer, "revoke")
    publications.look(timezone.now())
    status_requests.tell(case, "counter", by=officer)
    moments = vars(queries.moments(case))
    assert None not in moments.values()
    assert list(moments.values()) == sorted(moments.values())


@pytest.mark.parametrize("source", ["OCSP", "CRL"])
def test_a_change_is_seen_in_either_place(
    issued: Application, officer: User, sources: dict[str, Any], tmp_path: Path, source: str
) -> None:
    sources.update(dict.fromkeys({"OCSP", "CRL"} - {source}, ""))
    assert seen(status.changed(issued, officer, "suspend").status_request)
    (tmp_path / "list").write_bytes(ca.connect(settings.OVERA).crl())
    _, lines = openssl(tmp_path, "crl", "-in", "list", "-inform", "DER", "-noout", "-text")
    text = " ".join(lines).replace("Serial Number: 0", "Serial Number: ").lower()
    for each in issued.certificates.all():
        assert f"serial number: {each.serial}" in text


def test_nobody_is_believed_who_cannot_be_asked(issued: Application, officer: User) -> None:
    assert not seen(status.changed(issued, officer, "suspend").status_request)
    assert {each.doubt for each in PublishedStatus.objects.all()} == {"no-address"}


@pytest.mark.usefixtures("sources")
def test_what_is_out_of_date_shows_nothing(issued: Application, officer: User) -> None:
    row = status.changed(issued, officer, "suspend").status_request
    publications.look(timezone.now() + timedelta(days=9))
    row.refresh_from_db()
    assert row.published_at is None
    assert seen(row)


@pytest.mark.usefixtures("sources")
def test_what_was_said_before_the_body_was_asked_shows_nothing(
    issued: Application, officer: User
) -> None:
    row = status.changed(issued, officer, "suspend").status_request
    sent_at = row.sent_at
    StatusRequest.objects.update(sent_at=timezone.now() + timedelta(minutes=1))
    assert not seen(row)
    told = {(each.state, each.doubt) for each in PublishedStatus.objects.all()}
    assert told == {("suspended", "")}  # it is heard, and is no answer to what is asked later
    StatusRequest.objects.update(sent_at=sent_at)
    assert seen(row)


@pytest.mark.usefixtures("sources")
def test_one_certificate_of_two_is_not_enough(issued: Application, officer: User) -> None:
    first, second = issued.certificates.order_by("pk")
    row = status.changed(issued, officer, "suspend").status_request
    ca.connect(settings.OVERA).revoke(int(second.serial, 16), "removeFromCRL", timezone.now())
    assert not seen(row)
    shown = [PublishedStatus.objects.get(certificate=each).state for each in (first, second)]
    assert shown == ["suspended", "valid"]


@pytest.mark.usefixtures("sources")
def test_what_nobody_saw_is_looked_for_once_a_minute(issued: Application, officer: User) -> None:
    assert not publications.due(timezone.now())
    row = status.changed(issued, officer, "suspend").status_request
    assert publications.due(timezone.now())
    publications.look(timezone.now() + timedelta(days=9))  # nothing that counts
    PublishedStatus.objects.update(checked_at=timezone.now())
    assert not publications.due(timezone.now())
    assert publications.due(timezone.now() + timedelta(seconds=61))
    assert seen(row)
    assert not publications.due(timezone.now() + timedelta(seconds=61))


def test_a_change_that_a_later_one_overtook_is_waited_for_no_more(
    issued: Application, officer: User
) -> None:
    status.finished(issued, officer, "suspend")
    status.finished(issued, officer, "reactivate")
    assert [row.change for row in queries.unpublished()] == ["reactivate"]


def test_the_clocks_run_from_receipt_and_decision(issued: Application, officer: User) -> None:
    case = status.decided(issued, officer, "revoke").application
    now = timezone.now()
    for later, overdue in ((50, False), (70, True)):
        at = now + timedelta(minutes=later)
        running = queries.clocks(queries.moments(case))
        assert running["decided"].overdue(at) is overdue
        assert (queries.overdue(officer.office, at) == [case]) is overdue
    assert not running["received"].overdue(now + timedelta(hours=23))
    assert running["received"].overdue(now + timedelta(hours=25))


@pytest.mark.usefixtures("sources")
def test_published_or_withdrawn_no_clock_runs(issued: Application, officer: User) -> None:
    status.finished(issued, officer, "suspend")
    publications.look(timezone.now())
    cases.withdraw(status.opened(issued, officer, "reactivate"), "неће", by=officer)
    assert queries.overdue(officer.office, timezone.now() + timedelta(days=3)) == []


def test_a_suspension_is_remembered_before_its_end(issued: Application, officer: User) -> None:
    status.finished(issued, officer, "suspend")
    days = {
        day: queries.suspended(officer.office, timezone.now() + timedelta(days=day))
        for day in (24, 26, 40)
    }
    assert days == {24: [], 26: [issued], 40: [issued]}
    status.finished(issued, officer, "reactivate")
    assert queries.suspended(officer.office, timezone.now() + timedelta(days=40)) == []

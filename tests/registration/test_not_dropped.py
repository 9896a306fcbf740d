"""Whose data the counter keeps for longer, and what it forgets of cases that were never filed."""

from datetime import date

import pytest
from django.utils import timezone

from archive.models import Record
from registration.models import (
    Application,
    Certificate,
    Desk,
    Notice,
    Sheet,
    User,
)
from registration.queries import cases
from registration.queries import status_requests as status_requests_of
from registration.queries.dropping import Obstacle, obstacles
from registration.services import cases as steps
from registration.services import (
    dropping,
    status_requests,
)
from tests.pages import counter
from tests.registration import dropped, status
from tests.registration.dropped import PERSON, later
from tests.scans.rows import scan_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(officer: User, desk: Desk) -> Application:
    return dropped.filed(officer, desk, who=PERSON)


class TestWhatStandsAgainstIt:
    def test_a_suspension_that_runs(self, case: Application, officer: User) -> None:
        status.changed(case, officer, "suspend")
        dropped.published_now()
        assert obstacles(case) == (Obstacle.SUSPENDED,)
        assert not dropping.go_on(case.pk, later())
        Certificate.objects.update(not_after=timezone.now())  # nobody can reactivate it any more
        assert obstacles(case) == ()
        assert status_requests_of.suspended(case.office, later()) == []
        dropped.drop(case)

    def test_a_change_of_a_status_under_way(self, case: Application, officer: User) -> None:
        asked = status.decided(case, officer, "revoke")
        assert obstacles(case) == (Obstacle.STATUS_OPEN,)
        status_requests.perform(asked.pk)
        assert obstacles(case) == (Obstacle.STATUS_OPEN,)  # not to be seen yet
        Certificate.objects.filter(role="signing").update(not_after=timezone.now())
        assert obstacles(case) == (Obstacle.STATUS_OPEN,)
        Certificate.objects.update(not_after=timezone.now())
        assert obstacles(case) == ()  # nobody publishes it any more
        Certificate.objects.update(not_after=later())
        dropped.published_now()
        assert obstacles(case) == ()

    def test_a_notice_that_waits(self, case: Application) -> None:
        Notice.objects.create(
            application=case,
            ends_on=date(2030, 1, 1),
            days=7,
            channel="letter",
            due_at=timezone.now(),
        )
        assert obstacles(case) == (Obstacle.NOTICE_OPEN,)

    def test_a_paper_that_is_gone(self, case: Application) -> None:
        record = Record.objects.get(reference=case.number)
        record.files.filter(kind="contract").update(sha256="0" * 64)
        assert obstacles(case) == (Obstacle.FILE_MISSING,)

    def test_sheets_that_wait(self, case: Application) -> None:
        page = case.papers.get(kind="terms", copy=1, superseded_at=None).pages.get(number=1)
        sheet = scan_of(page).sheet
        assert Obstacle.SHEETS_WAITING in obstacles(case)
        Sheet.objects.filter(pk=sheet.pk).update(state="confirmed")
        assert Obstacle.SHEETS_WAITING in obstacles(case)  # its file holds others' pages
        sheet.stack.state = "closed"
        sheet.stack.save()
        assert Obstacle.PAGES_MISSING in obstacles(case)
        assert Obstacle.SHEETS_WAITING not in obstacles(case)

    def test_a_making_whose_body_was_not_told(self, case: Application) -> None:
        case.issuances.update(acceptance="owed")
        assert obstacles(case) == (Obstacle.MAKING_OPEN,)

    def test_a_body_that_is_not_set_any_more(self, case: Application) -> None:
        case.issuances.update(body="gone")
        assert obstacles(case) == (Obstacle.BODY_GONE,)

    def test_the_person_stays_as_long(self, case: Application) -> None:
        case.issuances.update(acceptance="owed")
        assert not dropping.go_on(case.pk, later())
        case.refresh_from_db()
        assert (case.dropped_at, cases.applicant_of(case)) == (None, PERSON)


class TestWhatWasNeverFiled:
    def test_a_withdrawn_case_is_forgotten_later(self, officer: User, desk: Desk) -> None:
        case = counter.printed(officer, desk, who=PERSON)
        steps.withdraw(case, "Ђурђевић се предомислила", by=officer)
        assert dropping.begin(later(89)) == []
        assert dropping.begin(later(91)) == [case.pk]
        assert dropping.go_on(case.pk, later(91))
        assert dropped.found() == []
        assert not Certificate.objects.exists()

    def test_one_that_was_signed_is_to_be_filed_first(self, officer: User, desk: Desk) -> None:
        case = steps.withdraw(counter.signed(officer, desk), "predomislio se", by=officer)
        assert obstacles(case) == (Obstacle.NOT_FILED,)
        assert not dropping.go_on(case.pk, later(91))

    def test_one_that_nobody_uses_ends(self, officer: User, desk: Desk) -> None:
        draft = counter.opened(officer, desk, who=PERSON)
        other = counter.printed(officer, desk)
        signed = counter.signed(officer, desk)
        assert dropping.begin(later(59)) == []
        assert dropping.begin(later(61)) == [draft.pk, other.pk]
        assert dropping.go_on(draft.pk, later(61))
        draft.refresh_from_db()
        assert (draft.state, draft.full_name) == ("withdrawn", "")
        assert dropped.events(draft)[-2:] == ["case.lapse", "case.drop_person"]
        assert signed.state == "signed"
        counter.opened(officer, desk, who=PERSON)  # nothing stands in the way of a new one

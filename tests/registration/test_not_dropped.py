"""Whose data the counter keeps for longer, and what it forgets of cases that were never filed."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import TestCase
from django.utils import timezone

from archive import store
from archive.filing import FiledEvidence
from archive.models import BookEntry, Disposal, Record
from archive.services import audit, evidence, stubs
from registration import tasks
from registration.errors import PersonGoneError
from registration.models import (
    Application,
    BodyMessage,
    Certificate,
    Desk,
    Notice,
    PaperScan,
    Sheet,
    User,
)
from registration.queries import cases
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

    def test_a_change_of_a_status_under_way(self, case: Application, officer: User) -> None:
        asked = status.decided(case, officer, "revoke")
        assert obstacles(case) == (Obstacle.STATUS_OPEN,)
        status_requests.perform(asked.pk)
        assert obstacles(case) == (Obstacle.STATUS_OPEN,)  # not to be seen yet
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

    def test_a_file_that_is_damaged(
        self, case: Application, caplog: pytest.LogCaptureFixture
    ) -> None:
        Application.objects.update(filed_at=later(-31))
        broken = case.papers.get(kind="contract", copy=1).sha256
        path = Path(str(settings.OVERA["FILES"])) / broken[:2] / broken
        path.write_bytes(path.read_bytes()[:-1])
        tasks.drop_person(case.pk)
        assert "a file of the case is damaged" in caplog.text
        case.refresh_from_db()
        assert (case.dropped_at, cases.applicant_of(case)) == (None, PERSON)

    def test_a_body_that_is_not_set_any_more(self, case: Application) -> None:
        case.issuances.update(body="gone")
        assert obstacles(case) == (Obstacle.BODY_GONE,)

    def test_the_person_stays_as_long(self, case: Application) -> None:
        case.issuances.update(acceptance="owed")
        assert not dropping.go_on(case.pk, later())
        case.refresh_from_db()
        assert (case.dropped_at, cases.applicant_of(case)) == (None, PERSON)


class TestWhoseRecordIsDestroyed:
    """The archive may destroy first; then nothing is left for the counter to wait for."""

    def test_the_counter_forgets_and_gives_nothing_back(self, case: Application) -> None:
        paper = case.papers.get(kind="contract", copy=1)
        made = {"sha256": store.put(b"a scan"), "size": 6, "pages": 1, "made_at": timezone.now()}
        PaperScan.objects.create(paper=paper, **made)
        assert obstacles(case) == (Obstacle.SCAN_MISSING,)
        record = destroyed(case)
        assert obstacles(case) == ()
        case = dropped.drop(case)
        record.refresh_from_db()
        assert (dropped.found(), record.stated, record.evidence.count()) == ([], {}, 0)
        with pytest.raises(PersonGoneError):
            cases.applicant_of(case)
        BodyMessage.objects.create(
            issuance=case.issuances.first(), kind="rr", sent=PERSON.jmbg.encode(), received=b""
        )
        assert dropping.go_on(case.pk, later())  # what comes later goes too
        assert (dropped.found(), record.evidence.count()) == ([], 0)

    def test_nor_does_it_where_both_come_at_once(
        self, case: Application, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keep, handed = evidence.keep, set[str]()

        def late(reference: str, files: list[FiledEvidence], *given: Any, **more: Any) -> None:
            destroyed(case)
            handed.update(each.sha256 for each in files)
            keep(reference, files, *given, **more)

        monkeypatch.setattr(evidence, "keep", late)
        with TestCase.captureOnCommitCallbacks(execute=True):
            dropped.drop(case)
        record = cases.record_of(case)
        assert record is not None
        assert (record.stated, record.evidence.count()) == ({}, 0)
        assert handed
        assert [each for each in handed if store.exists(each)] == []


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

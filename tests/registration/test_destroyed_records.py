"""A case whose record the archive has destroyed: nothing of the person is given back, or kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import TestCase
from django.utils import timezone

from archive import store
from archive.filing import FiledEvidence
from archive.models import Record
from archive.services import evidence
from registration import errors, tasks
from registration.errors import PersonGoneError
from registration.models import (
    Application,
    BodyMessage,
    Certificate,
    Desk,
    Issuance,
    Notice,
    Office,
    PaperScan,
    PaperSeal,
    PublishedStatus,
    Sheet,
    User,
)
from registration.queries import cases, dropping
from registration.queries import notices as due_notices
from registration.queries.dropping import Obstacle, obstacles
from registration.reports import kept
from registration.reports.scope import Scope
from registration.services import (
    acceptances,
    dossiers,
    letters,
    notices,
    packets,
    paper_scans,
    published,
    revocations,
    seals,
    sheets,
    stacks,
    status_requests,
)
from registration.services import dropping as service
from tests.pages.conftest import logged_in
from tests.pages.page import Page
from tests.registration import dropped, status
from tests.registration.dropped import PERSON, later
from tests.scans.rows import scan_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept_case(officer: User, desk: Desk) -> Application:
    return dropped.filed(officer, desk, who=PERSON)


@pytest.fixture(params=["dropped before", "dropped not yet"])
def case(kept_case: Application, request: pytest.FixtureRequest) -> Application:
    """Return a case without a record; the night in which the counter forgets may be to come."""
    if request.param == "dropped before":
        dropped.drop(kept_case)
    dropped.destroyed(kept_case)
    return Application.objects.get(pk=kept_case.pk)


class TestWhoeverComesToIt:
    def test_the_page_says_what_happened(self, case: Application, officer: User) -> None:
        client, stub = logged_in(officer), Record.objects.get()
        page = Page.get(client, f"/cases/{case.number}/")
        assert page.text("//p[@id='dropped']").startswith("The file of this case was destroyed on")
        assert "by record of destruction 1/2040." in page.text("//p[@id='dropped']")
        assert page.one("//a[@id='id_stub']").get("href") == f"/archive/records/{stub.pk}/"
        assert page.all("//*[@data-action='evidence']|//*[@id='change-open']") == []
        assert not [trace for trace in dropped.TRACES if trace in page.source]
        assert "destroyed" in Page.get(client, f"/archive/records/{stub.pk}/").source
        live = client.get(f"/cases/{case.number}/live/?version=0")
        assert (live.status_code, live["HX-Refresh"]) == (204, "true")
        paper = case.papers.first()
        assert paper is not None
        assert client.get(f"/cases/{case.number}/papers/{paper.pk}/").status_code == 404

    def test_the_page_of_a_renewal_that_made_nothing_too(
        self, case: Application, officer: User
    ) -> None:
        Application.objects.update(procedure="renew")
        case.issuances.update(stage="abandoned")
        page = Page.get(logged_in(officer), f"/cases/{case.number}/")
        assert page.text("//p[@id='dropped']").startswith("The file of this case was destroyed on")

    def test_what_needs_the_person_is_refused_with_a_sentence(
        self, case: Application, officer: User
    ) -> None:
        client, gone = logged_in(officer), PersonGoneError().sentence()
        page = Page(client.get(f"/cases/{case.number}/label/", follow=True))
        assert page.path == f"/cases/{case.number}/"
        assert gone in page.texts("//*[@role='alert']|//*[@role='status']")
        serials = [each.serial for each in case.certificates.all()]
        chosen = {"certificates": serials, "ground": "revoke:wish"}
        page = Page.post(client, f"/cases/{case.number}/open-form-3/", **chosen)
        assert page.text("//*[@role='alert']") == gone
        page = Page.post(client, f"/certificates/{serials[0]}/evidence/", reason="надзор")
        assert page.error() == gone

    def test_no_service_takes_the_rest_for_the_record(
        self, case: Application, officer: User
    ) -> None:
        with pytest.raises(errors.PersonGoneError):
            packets.folder_label(case, by=officer)
        with pytest.raises(errors.PersonGoneError):
            dossiers.take(case.certificates.all()[0], reason="надзор", by=officer)
        with pytest.raises(errors.PersonGoneError):
            cases.applicant_of(case)
        assert cases.record_of(case) is None

    def test_it_is_found_by_its_number_alone(self, case: Application, officer: User) -> None:
        dropped.drop(case) if case.dropped_at is None else None
        page = Page.post(logged_in(officer), "/cases/", q=case.number)
        assert page.texts("//tr[@data-case]/td")[1:3] == ["", ""]
        assert Page.post(logged_in(officer), "/cases/", q="Đurđević").all("//tr[@data-case]") == []


class TestWhatComesLater:
    def test_nobody_is_told_of_the_expiry(
        self, case: Application, office: Office, officer: User, settings: LazySettings
    ) -> None:
        section = {**settings.OVERA["NOTICES"], "SENDER": "overa@example.rs"}
        settings.OVERA = {**settings.OVERA, "NOTICES": section}
        ends = case.certificates.all()[0].ends_on
        now = timezone.now() + (ends - timezone.localdate()) - timedelta(days=7)
        assert notices.prepare(now) == 0
        assert not due_notices.wanted(case, ends)
        waiting = Notice.objects.create(
            application=case, ends_on=ends, days=30, channel="letter", due_at=timezone.now()
        )
        with pytest.raises(errors.NothingToPrintError):
            letters.print_waiting(office, by=officer)
        waiting.refresh_from_db()
        assert waiting.state == Notice.State.NOT_NEEDED

    @pytest.mark.usefixtures("case")
    def test_no_body_is_asked_about_its_certificates(self) -> None:
        assert published.read(timezone.now()) == 0

    def test_an_end_or_a_change_of_a_certificate_hinders_nothing(self, case: Application) -> None:
        certificate = case.certificates.get(role="signing")
        revocations.note_end(certificate.serial, timezone.now(), "keyCompromise")
        certificate.refresh_from_db()
        assert certificate.revocation_reason == "keyCompromise"

    def test_nor_does_a_change_that_was_under_way(
        self, kept_case: Application, officer: User
    ) -> None:
        asked = status.decided(kept_case, officer, "suspend")
        dropped.destroyed(kept_case)
        assert status_requests.perform(asked.pk)
        assert Certificate.objects.exclude(suspended_at=None).count() == 2

    def test_a_page_scanned_late_makes_no_scan(self, kept_case: Application, officer: User) -> None:
        page = kept_case.papers.get(kind="request").pages.get(number=1)
        sheet = scan_of(page).sheet
        PaperScan.objects.all().delete()
        dropped.destroyed(kept_case)
        assert obstacles(kept_case) == (Obstacle.SHEETS_WAITING,)  # a person's word ends that
        Sheet.objects.filter(pk=sheet.pk).update(state="confirmed")
        assert paper_scans.keep(page.paper_id) is None
        Sheet.objects.filter(pk=sheet.pk).update(state="named")
        sheets.set_aside(sheet, by=officer)
        stacks.close(sheet.stack, by=None)
        dropped.drop(kept_case)
        assert dropped.found() == []


class TestTheCounterForgets:
    """The archive may destroy first; then nothing is left for the counter to wait for."""

    def test_at_once_and_gives_nothing_back(self, kept_case: Application) -> None:
        paper = kept_case.papers.get(kind="contract", copy=1)
        made = {"sha256": store.put(b"a scan"), "size": 6, "pages": 1, "made_at": timezone.now()}
        PaperScan.objects.create(paper=paper, **made)
        assert obstacles(kept_case) == (Obstacle.SCAN_MISSING,)
        record = dropped.destroyed(kept_case)
        assert obstacles(kept_case) == ()
        assert service.begin(timezone.now()) == [kept_case.pk]  # on whichever day it was filed
        case = dropped.drop(kept_case)
        record.refresh_from_db()
        assert (dropped.found(), record.stated, record.evidence.count()) == ([], {}, 0)
        with pytest.raises(PersonGoneError):
            cases.applicant_of(case)
        BodyMessage.objects.create(
            issuance=case.issuances.first(), kind="rr", sent=PERSON.jmbg.encode(), received=b""
        )
        assert service.go_on(case.pk, later())  # what comes later goes too
        assert (dropped.found(), record.evidence.count()) == ([], 0)

    def test_whatever_stood_against_it(self, kept_case: Application, officer: User) -> None:
        status.changed(kept_case, officer, "suspend")
        kept_case.issuances.update(acceptance="owed", body="gone")
        paper = kept_case.papers.get(kind="contract", copy=1)
        now = timezone.now()
        seal = PaperSeal.objects.create(
            paper=paper, source=paper.sha256, requested_at=now, due_at=now
        )
        ends = kept_case.certificates.all()[0].ends_on
        waiting = Notice.objects.create(
            application=kept_case, ends_on=ends, days=30, channel="letter", due_at=now
        )
        against = {Obstacle.SUSPENDED, Obstacle.MAKING_OPEN, Obstacle.BODY_GONE}
        against |= {Obstacle.SEAL_WAITING, Obstacle.STATUS_OPEN, Obstacle.NOTICE_OPEN}
        assert set(obstacles(kept_case)) == against
        dropped.destroyed(kept_case)
        tasks.drop_person(kept_case.pk)
        for row in (kept_case, seal, waiting):
            row.refresh_from_db()
        assert kept_case.dropped_at is not None
        assert (seal.state, seal.failure_code, waiting.state) == (
            "failed",
            "given-up",
            "not-needed",
        )
        assert not Issuance.objects.filter(acceptance="owed").exists()
        assert list(acceptances.owed()) == []

    def test_a_seal_that_comes_then_is_not_kept(self, kept_case: Application) -> None:
        paper = kept_case.papers.get(kind="contract", copy=1)
        now = timezone.now()
        seal = PaperSeal.objects.create(
            paper=paper, source=paper.sha256, requested_at=now, due_at=now
        )
        dropped.destroyed(kept_case)
        seals._keep(seal, b"a sealed paper", seals.SealFinding(seals.Verdict.UNREADABLE))  # noqa: SLF001
        seal.refresh_from_db()
        assert (seal.state, seal.failure_code, seal.sha256) == ("failed", "given-up", "")

    def test_nothing_is_laid_into_the_rest_where_both_come_at_once(
        self, kept_case: Application, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keep, handed = evidence.keep, set[str]()

        def late(reference: str, files: list[FiledEvidence], *given: Any, **more: Any) -> None:
            dropped.destroyed(kept_case)
            handed.update(each.sha256 for each in files)
            keep(reference, files, *given, **more)

        monkeypatch.setattr(evidence, "keep", late)
        with TestCase.captureOnCommitCallbacks(execute=True):
            dropped.drop(kept_case)
        record = cases.stub_of(kept_case)
        assert record is not None
        assert (record.stated, record.evidence.count()) == ({}, 0)
        assert handed
        assert [each for each in handed if store.exists(each)] == []

    def test_the_report_asks_for_nothing(self, kept_case: Application, office: Office) -> None:
        Certificate.objects.update(suspended_at=timezone.now())
        dropped.destroyed(kept_case)
        asked = Scope(timezone.localdate(), timezone.localdate(), (office.pk,))
        assert [row.why for row in kept.rows(asked)] == ["nothing: the next run drops it"]
        dropped.drop(kept_case)
        assert kept.rows(asked) == []
        assert not dropping.overdue(later()).exists()
        assert not PublishedStatus.objects.exists()

"""The counter forgets who a case was about; what is needed later comes from the archive."""

from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from archive import addresses, store
from archive.models import AuditEvent, Record
from archive.services import evidence
from registration import tasks
from registration.errors import PersonGoneError
from registration.models import (
    Application,
    BodyMessage,
    CardDiagnosis,
    Certificate,
    Desk,
    LetterRun,
    Notice,
    Office,
    Sheet,
    StatusRequest,
    Unblocking,
    User,
)
from registration.queries import cases, dossier
from registration.queries import notices as due_notices
from registration.queries.dropping import Obstacle, obstacles
from registration.reports import catalogue
from registration.reports.scope import Scope
from registration.services import cases as steps
from registration.services import (
    dropping,
    filings,
    letters,
    notices,
    published,
    revocations,
    status_requests,
    traces,
)
from tests.inspection.evidence import Opened
from tests.pages import counter
from tests.registration import dropped, making, status, unblocking
from tests.registration.dropped import PERSON, later
from tests.registration.postbox import opened
from tests.registration.renewing import renewed
from tests.scans.rows import scan_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(officer: User, desk: Desk) -> Application:
    return dropped.filed(officer, desk, who=PERSON)


def events(case: Application) -> list[str]:
    found = AuditEvent.objects.filter(subject=case.number).order_by("number")
    return list(found.values_list("event", flat=True))


class TestTheTime:
    def test_nobody_is_dropped_before_it(self, case: Application) -> None:
        assert dropping.begin(later(29)) == []
        assert not dropping.go_on(case.pk, later(29))
        assert dropping.begin(later()) == [case.pk]

    @pytest.mark.usefixtures("case")
    def test_it_is_a_setting(self, settings: LazySettings) -> None:
        settings.OVERA = {**settings.OVERA, "PERSON_KEPT_DAYS": 365}
        assert dropping.begin(later()) == []


TOLD = {  # where the search finds the person before
    *("application.applicant", "application.full_name", "application.name_folded"),
    *("cardreading.card", "carddiagnosis.found", "bodymessage.sent", "stack.name"),
    *("issuance.card", "issuance.subject", "issuance.request", "certificate.pem"),
    "signature.signer",
}


class TestWhatGoes:
    def test_no_table_of_the_counter_tells_of_the_person(self, officer: User, desk: Desk) -> None:
        case = making.handed_over(officer, desk, who=PERSON)
        confirmed(case)
        CardDiagnosis.objects.create(
            desk=desk, application=case, asked_by=officer, found={"seen": counter.JMBG}
        )
        issuance = case.issuances.first()
        BodyMessage.objects.create(
            issuance=issuance, kind="p10cr", sent=PERSON.jmbg.encode(), received=b""
        )
        case = Application.objects.get(pk=filings.file(case, by=officer).pk)
        assert {each.split()[0] for each in dropped.found()} >= TOLD
        case = dropped.drop(case)
        assert dropped.found() == []
        assert (case.jmbg_token, case.document_token, case.state) == ("", "", "filed")
        assert events(case)[-1] == "case.drop_person"

    def test_nor_of_the_person_of_a_form_2_and_a_form_3(
        self, case: Application, officer: User, desk: Desk
    ) -> None:
        performed = unblocking.performed(officer, desk, who=PERSON)
        Unblocking.objects.update(statement="Жељка је дошла сама")
        filings.file(performed, by=officer)
        died = {"reason": "died", "reported_by": "Ђурђевић Зорка"}
        changed = status.finished(case, officer, "revoke", **died)
        published_now()
        assert {"unblocking.statement Жељка", "application.reported_by Ђурђевић"} <= set(
            dropped.found()
        )
        for each in (case, performed, changed):
            dropped.drop(each)
        assert dropped.found() == []
        record = cases.record_of(Application.objects.get(pk=performed.pk))
        assert record is not None
        assert "Жељка је дошла сама" in evidence.files(record, "")["acts.json"].decode()

    def test_the_files_that_the_archive_does_not_name_are_destroyed(
        self, case: Application, django_capture_on_commit_callbacks: Any
    ) -> None:
        before = traces.files(case)
        with django_capture_on_commit_callbacks(execute=True):
            case = dropped.drop(case)
        assert traces.files(case) == set()
        named = addresses.named(before)
        assert {each for each in before if store.exists(each)} == named
        assert len(before - named) == 1  # what was sent to the printer
        record = cases.record_of(case)
        assert record is not None
        assert before & named <= {each.sha256 for each in record.files.all()}

    def test_printed_letters_are_destroyed(self, office: Office, officer: User) -> None:
        kept = store.put(b"letters")
        LetterRun.objects.create(
            office=office, printed_by=officer, printed_at=timezone.now(), sha256=kept
        )
        dropping.begin(later(29))
        assert LetterRun.objects.get().sha256 == kept
        dropping.begin(later())
        assert LetterRun.objects.get().sha256 == ""


def confirmed(case: Application) -> Sheet:
    """Leave a scan in the database as an officer's word leaves it."""
    page = case.papers.get(kind="request", superseded_at=None).pages.get(number=1)
    mark = scan_of(page)
    mark.cut = store.put(b"a picture of a signature")
    mark.signature = page.paper.signatures.get(role="citizen")
    mark.save()
    sheet = mark.sheet
    sheet.original, sheet.bundle, sheet.state = store.put(b"a picture"), "", "confirmed"
    sheet.decided_at = timezone.now()
    sheet.save()
    sheet.stack.name, sheet.stack.state = "Ђурђевић.pdf", "closed"
    sheet.stack.save()
    return sheet


class TestWhatTheArchiveHas:
    def test_the_evidence_is_the_same_before_and_after(self, officer: User, desk: Desk) -> None:
        case = making.handed_over(officer, desk, who=PERSON)
        confirmed(case)
        case = Application.objects.get(pk=filings.file(case, by=officer).pk)
        before = {each.serial: dossier.files(each) for each in case.certificates.all()}
        case = dropped.drop(case)
        after = {each.serial: dossier.files(each) for each in case.certificates.all()}
        assert len(after) == 2
        assert after == before
        assert any(path.startswith("papers/signature-") for path in after.popitem()[1])

    def test_of_a_case_without_a_certificate_too(self, case: Application, officer: User) -> None:
        changed = status.finished(case, officer, "suspend")
        status.finished(case, officer, "reactivate")
        published_now()
        changed = dropped.drop(changed)
        record = cases.record_of(changed)
        assert record is not None
        files = evidence.files(record, "")
        assert {"case.json", "identity.json", "acts.json", "papers.json"} <= set(files)
        assert b'"change": "suspend"' in files["acts.json"]
        assert cases.applicant_of(changed).jmbg == counter.JMBG

    def test_it_gives_the_evidence_alone(
        self, case: Application, officer: User, tmp_path: Path
    ) -> None:
        serial = case.certificates.get(role="signing").serial
        asked = {"certificate": f"0{serial.upper()}", "reason": "надзор"}
        with pytest.raises(CommandError, match="no evidence"):
            call_command("record_evidence", tmp_path, **asked)
        status.finished(dropped.drop(case), officer, "revoke")
        call_command("record_evidence", tmp_path, **asked, stdout=StringIO())
        said = Opened.of((tmp_path / f"evidence-{serial}.zip").read_bytes()).said("status.json")
        assert said["counter"]["state"] == "revoked"
        assert said["counter"]["reason"] == "cessationOfOperation"

    def test_who_was_dropped_at_the_archive_too_is_gone(self, case: Application) -> None:
        case = dropped.drop(case)
        Application.objects.filter(pk=case.pk).update(record_reference="destroyed")
        case.refresh_from_db()
        with pytest.raises(PersonGoneError):
            cases.applicant_of(case)
        with pytest.raises(PersonGoneError):
            dossier.files(case.certificates.all()[0])
        assert due_notices.wanted(case, case.certificates.all()[0].ends_on)

    def test_what_comes_later_follows(self, case: Application) -> None:
        case = dropped.drop(case)
        certificate = case.certificates.get(role="signing")
        BodyMessage.objects.create(
            issuance=certificate.issuance, kind="rr", sent=b"0revoke it", received=b"0done"
        )
        said = dossier.files(certificate)
        assert said["making/body/001-rr-sent.der"] == b"0revoke it"
        assert dropping.begin(later()) == [case.pk]
        dropped.drop(case)
        assert not BodyMessage.objects.exists()
        assert dossier.files(certificate) == said
        assert dropping.begin(later()) == []


def published_now() -> None:
    """Let every change be seen that the body has confirmed."""
    StatusRequest.objects.update(published_at=timezone.now())


class TestWhatGoesOn:
    def test_a_renewal_finds_what_it_renews_and_ends_it(
        self, case: Application, officer: User, desk: Desk
    ) -> None:
        case = dropped.drop(case)
        new = renewed(officer, desk, case, occupied=True)
        for each in list(revocations.unfinished()):
            revocations.supersede(str(each))
        theirs = Record.objects.get(reference=case.number).certificates.get(role="signing")
        assert theirs.renewed_by == new.certificates.get(role="signing").serial
        assert theirs.ended_reason == "superseded"

    def test_a_status_is_changed_and_told_to_the_archive(
        self, case: Application, officer: User
    ) -> None:
        case = dropped.drop(case)
        changed = status.finished(case, officer, "revoke")
        assert cases.applicant_of(changed) == PERSON
        record = Record.objects.get(reference=case.number)
        assert {each.ended_reason for each in record.certificates.all()} == {"cessationOfOperation"}

    def test_a_form_3_that_stands_alone_finds_the_certificates(
        self, case: Application, officer: User, desk: Desk
    ) -> None:
        dropped.drop(case)
        alone = counter.opened(
            officer,
            desk,
            who=PERSON,
            procedure="status",
            contract_requested=False,
            status_change="revoke",
            status_reason="lost",
        )
        assert set(alone.serials) == {each.serial for each in case.certificates.all()}

    @pytest.mark.usefixtures("sources")
    def test_what_the_body_publishes_is_read_on(self, case: Application) -> None:
        case = dropped.drop(case)
        assert published.read(timezone.now()) == 2
        record = Record.objects.get(reference=case.number)
        assert {each.published for each in record.certificates.all()} == {"valid"}

    def test_notices_of_the_expiry_go_out(self, case: Application, settings: LazySettings) -> None:
        dropped.drop(case)
        ends = case.certificates.all()[0].ends_on
        now = timezone.now() + (ends - timezone.localdate()) - timedelta(days=7)
        with opened() as postbox:
            settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", postbox.port
            section = {**settings.OVERA["NOTICES"], "SENDER": "overa@example.rs"}
            settings.OVERA = {**settings.OVERA, "NOTICES": section}
            notices.prepare(now)
            Notice.objects.update(due_at=timezone.now())
            for each in notices.sweep(timezone.now() + timedelta(seconds=1)):
                notices.send(each)
        assert [each["To"] for each in postbox.letters] == [PERSON.contact_email]

    def test_letters_are_printed_with_name_and_address(
        self, case: Application, office: Office, officer: User
    ) -> None:
        dropped.drop(case)
        Notice.objects.create(
            application=case,
            ends_on=case.certificates.all()[0].ends_on,
            days=30,
            channel="letter",
            due_at=timezone.now(),
        )
        run = letters.print_waiting(office, by=officer)
        assert "Шљивина" in status.text_of(store.get(run.sha256))

    def test_who_has_a_certificate_that_lasts_needs_no_notice(
        self, case: Application, officer: User, desk: Desk
    ) -> None:
        case = dropped.drop(case)
        ends = case.certificates.all()[0].ends_on
        assert due_notices.wanted(case, ends)
        newer = dropped.filed(officer, desk, who=PERSON)
        newer.certificates.update(ends_on=ends + timedelta(days=9))
        assert not due_notices.wanted(case, ends)

    def test_every_report_counts_the_same(
        self, case: Application, office: Office, officer: User, desk: Desk
    ) -> None:
        making.interrupted(officer, desk, "no-card")
        recalled_case(officer, desk)
        month = Scope(
            timezone.localdate(), timezone.localdate() + timedelta(days=2000), (office.pk,)
        )
        before = {each.code: each.rows(month) for each in catalogue.REPORTS.values()}
        dropped.drop(case)
        after = {each.code: each.rows(month) for each in catalogue.REPORTS.values()}
        assert {code for code, rows in before.items() if rows} >= {"issued", "waiting", "terms"}
        assert after == before


def recalled_case(officer: User, desk: Desk) -> None:
    steps.withdraw(counter.printed(officer, desk), "predomislio se", by=officer)


class TestWhatStandsAgainstIt:
    def test_a_suspension_that_runs(self, case: Application, officer: User) -> None:
        status.changed(case, officer, "suspend")
        published_now()
        assert obstacles(case) == (Obstacle.SUSPENDED,)
        assert not dropping.go_on(case.pk, later())

    def test_a_change_of_a_status_under_way(self, case: Application, officer: User) -> None:
        asked = status.decided(case, officer, "revoke")
        assert obstacles(case) == (Obstacle.STATUS_OPEN,)
        status_requests.perform(asked.pk)
        assert obstacles(case) == (Obstacle.STATUS_OPEN,)  # not to be seen yet
        published_now()
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
        assert events(draft)[-2:] == ["case.lapse", "case.drop_person"]
        assert signed.state == "signed"
        counter.opened(officer, desk, who=PERSON)  # nothing stands in the way of a new one

"""The counter forgets who a case was about; what is needed later comes from the archive."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.utils import timezone

from archive import addresses, store
from archive.services import evidence
from registration.errors import PersonGoneError
from registration.models import (
    Application,
    BodyMessage,
    CardDiagnosis,
    Desk,
    LetterRun,
    Office,
    Sheet,
    Unblocking,
    User,
)
from registration.queries import cases, dossier
from registration.queries import notices as due_notices
from registration.services import (
    dropping,
    filings,
    traces,
)
from tests.inspection.evidence import Opened
from tests.pages import counter
from tests.registration import dropped, making, status, unblocking
from tests.registration.dropped import PERSON, later
from tests.scans.rows import scan_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(officer: User, desk: Desk) -> Application:
    return dropped.filed(officer, desk, who=PERSON)


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
        assert dropped.events(case)[-1] == "case.drop_person"

    def test_nor_of_the_person_of_a_form_2_and_a_form_3(
        self, case: Application, officer: User, desk: Desk
    ) -> None:
        performed = unblocking.performed(officer, desk, who=PERSON)
        Unblocking.objects.update(statement="Жељка је дошла сама")
        filings.file(performed, by=officer)
        died = {"reason": "died", "reported_by": "Ђурђевић Зорка"}
        changed = status.finished(case, officer, "revoke", **died)
        dropped.published_now()
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
        dropped.published_now()
        changed = dropped.drop(changed)
        record = cases.record_of(changed)
        assert record is not None
        files = evidence.files(record, "")
        assert {"case.json", "identity.json", "acts.json", "papers.json"} <= set(files)
        assert b'"change": "suspend"' in files["acts.json"]
        assert cases.applicant_of(changed).jmbg == counter.JMBG

    @pytest.mark.usefixtures("heads_file")
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
        assert not due_notices.wanted(case, case.certificates.all()[0].ends_on)

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

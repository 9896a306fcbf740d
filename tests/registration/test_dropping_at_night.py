"""The night in which the counter forgets: how many at once, what breaks off, who is faster."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.utils import timezone

from archive import store
from archive.filing import FiledEvidence
from archive.models import AuditEvent, Record, RecordEvidence
from archive.services import evidence
from registration import tasks
from registration.ca.errors import CAUnreachableError
from registration.models import Application, Certificate, Desk, LetterRun, Office, User
from registration.queries import cases, dossier
from registration.queries import dropping as queries
from registration.reports import kept
from registration.reports.scope import Scope
from registration.services import cases as steps
from registration.services import dropping, signatures
from tests.pages import counter
from tests.registration import dropped, status
from tests.registration.dropped import PERSON, later

pytestmark = pytest.mark.django_db

Queue = list[tuple[str, tuple[Any, ...]]]


@pytest.fixture
def case(officer: User, desk: Desk) -> Application:
    return dropped.filed(officer, desk, who=PERSON)


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Queue:
    """Return what lies at the broker, the first first."""
    lying: Queue = []
    for task in (tasks.begin_dropping, tasks.drop_person):
        sent = lambda *given, name=task.name: lying.append((name, given))  # noqa: E731
        monkeypatch.setattr(task, "delay", sent)
    return lying


class TestHowManyAtOnce:
    @pytest.fixture
    def drafts(self, office: Office, officer: User) -> list[int]:
        """Return seven cases that were opened and left alone, by their ids."""
        made = Application.objects.bulk_create(
            Application(
                number=f"2500000{at:02}",
                office=office,
                created_by=officer,
                full_name="Ђурђевић Жељка",
                applicant={},
                jmbg_token=f"token {at}",
                document_token="",
                procedure="issue",
            )
            for at in range(7)
        )
        Application.objects.update(changed_at=dropped.later(-61))
        return [each.pk for each in made]

    def test_a_batch_lies_at_the_broker_and_what_hands_out_the_next(
        self, drafts: list[int], queue: Queue, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(dropping, "AT_ONCE", 3)
        tasks.begin_dropping()
        seen = []
        while queue:
            assert len(queue) <= 4
            name, given = queue.pop(0)
            seen.append(given[-1])
            {"overa.dropping.drop": tasks.drop_person}.get(name, tasks.begin_dropping)(*given)
        assert sorted(set(seen)) == drafts
        assert len(seen) == 7 + 3  # each once, and three times the next were asked for
        assert Application.objects.filter(dropped_at=None).count() == 0

    def test_a_night_ends_and_the_next_goes_on(
        self, drafts: list[int], settings: LazySettings
    ) -> None:
        settings.OVERA = {**settings.OVERA, "DROPPED_A_NIGHT": 5}
        night = timezone.now()
        assert dropping.begin(night) == drafts[:5]
        for each in drafts[:4]:
            assert dropping.go_on(each, timezone.now())
        assert dropping.begin(timezone.now(), since=night, after=drafts[4]) == drafts[5:6]
        assert dropping.go_on(drafts[5], timezone.now())
        assert dropping.begin(timezone.now(), since=night, after=drafts[5]) == []
        assert dropping.begin(timezone.now()) == [drafts[4], drafts[6]]

    def test_whom_something_holds_takes_nobodys_place(
        self, drafts: list[int], case: Application, settings: LazySettings
    ) -> None:
        settings.OVERA = {**settings.OVERA, "DROPPED_A_NIGHT": 7}
        case.issuances.update(acceptance="owed")
        Application.objects.filter(pk=case.pk).update(filed_at=later(-31))
        found, after, night = [], 0, timezone.now()
        while handed := dropping.begin(timezone.now(), since=night, after=after):
            found += [each for each in handed if dropping.go_on(each, timezone.now())]
            after = handed[-1]
        assert found == drafts

    def test_letters_go_in_batches_too(
        self, office: Office, officer: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(dropping, "AT_ONCE", 2)
        for each in range(3):
            sha256 = store.put(f"letters {each}".encode())
            LetterRun.objects.create(
                office=office, printed_by=officer, printed_at=later(-31), sha256=sha256
            )
        dropping.begin(timezone.now())
        assert LetterRun.objects.exclude(sha256="").count() == 1


class TestWhatBreaksOff:
    """It is logged, on record in the case, in the report; and tried again."""

    @pytest.fixture(autouse=True)
    def due(self, case: Application) -> None:
        Application.objects.filter(pk=case.pk).update(filed_at=later(-31))

    @pytest.fixture
    def reported(self, case: Application) -> Callable[[], list[str]]:
        asked = Scope(timezone.localdate(), timezone.localdate(), (case.office_id,))
        return lambda: [row.why for row in kept.rows(asked)]

    def test_other_evidence_under_the_same_path(
        self,
        case: Application,
        reported: Callable[[], list[str]],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        other = FiledEvidence(
            case.certificates.all()[0].serial, "case.json", store.put(b"other"), 5
        )
        evidence.keep(case.record_reference, [other], {}, by=None)
        for _night in range(2):
            tasks.drop_person(case.pk)
        assert caplog.text.count("a person's data stay, it is tried again: FilingError") == 2
        assert reported() == [str(kept.FAILED)]
        told = AuditEvent.objects.get(event="case.drop_failed", subject=case.number)
        assert told.facts == {"reason": "FilingError"}
        assert not [trace for trace in dropped.TRACES if trace in caplog.text]
        RecordEvidence.objects.all().delete()
        tasks.drop_person(case.pk)
        assert (reported(), dropped.found()) == ([], [])

    def test_a_file_that_is_damaged(
        self, case: Application, reported: Callable[[], list[str]]
    ) -> None:
        broken = case.papers.get(kind="contract", copy=1).sha256
        path = Path(str(settings.OVERA["FILES"])) / broken[:2] / broken
        path.write_bytes(path.read_bytes()[:-1])
        tasks.drop_person(case.pk)
        assert reported() == [str(kept.FAILED)]
        case.refresh_from_db()
        assert (case.dropped_at, cases.applicant_of(case)) == (None, PERSON)

    @pytest.mark.parametrize("fault", [Record.DoesNotExist(), CAUnreachableError("away")])
    def test_what_went_away_just_then(
        self,
        case: Application,
        fault: Exception,
        reported: Callable[[], list[str]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def gone(_certificate: Certificate) -> dict[str, bytes]:
            raise fault

        with monkeypatch.context() as patched:
            patched.setattr(dossier, "files", gone)
            tasks.drop_person(case.pk)
        assert reported() == [str(kept.FAILED)]
        tasks.drop_person(case.pk)
        assert reported() == []

    def test_what_nobody_foresaw_is_on_record_and_crashes(
        self, case: Application, reported: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(_certificate: Certificate) -> dict[str, bytes]:
            raise ZeroDivisionError

        monkeypatch.setattr(dossier, "files", broken)
        with pytest.raises(ZeroDivisionError):
            tasks.drop_person(case.pk)
        assert reported() == [str(kept.FAILED)]

    def test_a_case_that_is_not_there(self, caplog: pytest.LogCaptureFixture) -> None:
        tasks.drop_person(0)
        assert "Application matching query does not exist" in caplog.text


class TestWhoIsFaster:
    """What was seen before the evidence was made is looked at again when the case is locked."""

    @pytest.fixture
    def meanwhile(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
        """Let something happen once, when the evidence of the last certificate is made."""

        def arrange(act: Callable[[], object]) -> None:
            files, acts = dossier.files, [act, lambda: None]

            def made(certificate: Certificate) -> dict[str, bytes]:
                found = files(certificate)
                if acts:
                    acts.pop()()
                return found

            monkeypatch.setattr(dossier, "files", made)

        return arrange

    def test_a_change_that_stands_against_it(
        self, case: Application, officer: User, meanwhile: Callable[[Callable[[], object]], None]
    ) -> None:
        meanwhile(lambda: status.decided(case, officer, "revoke"))
        assert not dropping.go_on(case.pk, later())
        case.refresh_from_db()
        assert (case.dropped_at, case.full_name) == (None, PERSON.full_name)
        record = Record.objects.get(reference=case.record_reference)
        assert (record.stated, record.evidence.count()) == ({}, 0)
        assert dropped.events(case).count(queries.DROPPED) == 0

    def test_another_worker(
        self, case: Application, meanwhile: Callable[[Callable[[], object]], None]
    ) -> None:
        meanwhile(lambda: dropping.go_on(case.pk, later()))
        assert not dropping.go_on(case.pk, later())
        assert dropped.events(case).count(queries.DROPPED) == 1
        assert dropped.found() == []

    def test_an_officer_who_goes_on_with_a_case_that_was_left_alone(
        self, officer: User, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        left, locked = counter.printed(officer, desk, who=PERSON), steps.locked
        paper = left.papers.get(kind="request")

        def late(application: Application) -> Application:
            monkeypatch.setattr(steps, "locked", locked)
            today = timezone.localdate()
            ticked = [(paper.pk, "citizen")]
            signatures.record(left, ticked, signed_on=today, place="Beograd", by=officer)
            return locked(application)

        monkeypatch.setattr(steps, "locked", late)
        assert not dropping.go_on(left.pk, later(61))
        left.refresh_from_db()
        assert (left.state, left.dropped_at) == ("printed", None)

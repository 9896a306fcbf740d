"""Two offices with one case and one record each, and a person of every role in the first."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone

from archive import store
from archive.models import (
    AuditEvent,
    Disposal,
    DisposalDocument,
    DisposalItem,
    Export,
    FixityFinding,
    FixityRound,
    Hold,
    Loan,
    PlaceCheck,
    Record,
)
from archive.models import Place as PlaceOfPaper
from archive.services import records
from archive.services.keeping import categories
from registration.models import (
    Application,
    Desk,
    Issuance,
    LetterRun,
    Notice,
    Office,
    PaperSeal,
    PaperVersion,
    User,
)
from registration.queries import cases as found
from registration.services import days, diagnoses, roles, wording
from registration.workflow.states import Role
from tests.archive import cases as filed
from tests.archive import shelves
from tests.archive.shelves import Clerk
from tests.pages import counter
from tests.people import employee
from tests.registration import making
from tests.scans import rows

ANONYMOUS, NOBODY = "anonymous", "nobody"
ROLES = (ANONYMOUS, NOBODY, *(role.value for role in Role if role != Role.DESK))

SURNAME, FOREIGN_SURNAME = "Петровић", "Туђинић"
JMBG, FOREIGN_JMBG = counter.JMBG, filed.OTHER_JMBG


@dataclass(frozen=True)
class Place:
    """An office and what lies there."""

    office: Office
    officer: User
    desk: Desk
    issuance: Issuance
    record: Record
    box: PlaceOfPaper
    check: PlaceCheck
    loan: Loan
    export: Export

    @property
    def case(self) -> Application:
        return self.issuance.application

    @property
    def rows(self) -> dict[str, Model]:
        """Return a row of the office for every table of the administration."""
        return {
            "registration/office": self.office,
            "registration/user": self.officer,
            "registration/desk": self.desk,
            "registration/application": self.case,
            "registration/issuance": self.issuance,
            "registration/certificate": self.issuance.certificate,
            "registration/notice": Notice.objects.get(application=self.case),
            "registration/paperseal": PaperSeal.objects.get(paper__application=self.case),
            "registration/paperversion": wording_draft(),
            "archive/record": self.record,
            "archive/fixityround": FixityRound.objects.all()[0],
            "archive/fixityfinding": FixityFinding.objects.get(name=_address(self.office.code)),
            "archive/auditevent": AuditEvent.objects.filter(subject=self.case.number)[0],
        }


def _address(code: str) -> str:
    return code.rjust(64, "a")


def wording_draft() -> PaperVersion:
    """Return the one wording that is being written; it belongs to no office."""
    return PaperVersion.objects.get(state=PaperVersion.State.DRAFT)


def own() -> Place:
    place = _place("071", "Stari grad")
    wording.begin("terms", by=place.officer)
    categories.begin(by=place.officer)
    return place


def foreign() -> Place:
    """Return the other office; its citizen is another person."""
    place = _place("072", "Zemun", surname=FOREIGN_SURNAME, jmbg=FOREIGN_JMBG)
    applicant = replace(counter.PETAR, surname=FOREIGN_SURNAME, jmbg=FOREIGN_JMBG)
    place.case.applicant, place.case.full_name = applicant.to_json(), applicant.full_name
    place.case.name_folded = found.folded(applicant.full_name)
    place.case.save()
    return place


def people(office: Office) -> dict[str, User]:
    """Return who looks: nobody's account has no role, an anonymous visitor no account."""
    made = {NOBODY: User.objects.create_user("nobody", office=office)}
    for role in set(Role) - {Role.OFFICER, Role.DESK}:
        made[role.value] = employee(role.value, office, role.value)
    return made | {Role.OFFICER.value: User.objects.get(username=f"officer-{office.code}")}


def _place(code: str, name: str, **person: Any) -> Place:
    roles.set_up()
    office = counter.office(code, name)
    officer = employee(f"officer-{code}", office, Role.OFFICER.value)
    alive = timezone.now() + timedelta(hours=1)  # for as long as the walk takes
    desk = Desk.objects.create(
        code=f"desk-{code}", name=name, office=office, public_keys={}, seen_at=alive
    )
    issuance = making.confirmed(officer, desk)
    now = timezone.now()
    FixityRound.objects.create(started_at=now, ended_at=now, open=False)
    FixityFinding.objects.create(
        name=_address(code), where="store", kind="missing", found_at=now, seen_at=now
    )
    paper = issuance.application.papers.all()[0]
    PaperSeal.objects.create(paper=paper, requested_at=now, due_at=now)
    rows.scan_of(paper.pages.all()[0])
    Notice.objects.create(
        application=issuance.application, ends_on=now, days=7, channel="letter", due_at=now
    )
    LetterRun.objects.create(
        office=office, printed_by=officer, printed_at=now, sha256=store.put(b"%PDF- letters")
    )
    days.print_sheet(office, timezone.localdate(), by=officer)
    diagnoses.ask(desk, by=officer, application=issuance.application)
    filing = filed.filing(**{"surname": SURNAME, "office_code": code} | person)
    record = records.file(filing, by=officer)
    _keep(record)
    case = issuance.application  # in the archive as well: its evidence is open to who keeps that
    case.record_reference = record.reference
    case.save(update_fields=["record_reference"])
    used = shelves.in_use(record, Clerk())
    return Place(office, officer, desk, issuance, record, *used, _export(office))


def _export(office: Office) -> Export:
    """Return records of the office that were taken out."""
    told: dict[str, Any] = {"everything": False, "year": None, "numbers": [], "query": {}}
    return Export.objects.create(
        asked_by="x", selection=told, office_code=office.code, state="done"
    )


def _keep(record: Record) -> None:
    """Let the record be held and stand in a disposal whose request was made."""
    _hold(record)
    made = Disposal.objects.create(number=f"{record.pk}/2026", state="proposed")
    DisposalItem.objects.create(disposal=made, record=record, outcome=record.state)
    DisposalDocument.objects.create(
        disposal=made,
        kind="request",
        sha256=store.put(b"%PDF- request"),
        size=13,
        media_type="application/pdf",
        made_at=timezone.now(),
    )


def _hold(record: Record) -> None:
    now, today = timezone.now(), timezone.localdate()
    made = Hold.objects.create(
        ordered_by="Суд",
        document_number="1",
        document_on=today,
        set_at=now,
        review_on=today,
    )
    made.records.add(record)

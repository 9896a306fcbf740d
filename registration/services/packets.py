"""Printing: papers are rendered and stored first, then their rows; a reprint supersedes."""

from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from archive import store
from archive.services import audit
from registration import errors
from registration.documents import codes, packet
from registration.documents import papers as versions
from registration.documents.contexts import CaseContext
from registration.documents.packet import RenderedPacket, RenderedPaper
from registration.documents.papers import PaperMissingError, PaperVersion
from registration.models import Application, Packet, Page, Paper, User
from registration.queries import cases as found
from registration.rules.scripts import Script
from registration.services import cases
from registration.workflow import states
from registration.workflow.states import Procedure, State

_BOTH = (1, 2)


def print_packet(application: Application, *, by: User) -> Packet:
    """Print a case for the first time, or anew after its data were corrected."""
    return _print(application, "print", "", by)


def reprint(application: Application, reason: str, *, by: User) -> Packet:
    """Print again: the papers so far, and the signatures on them, count no more."""
    return _print(application, "reprint", reason, by)


def _print(application: Application, step: str, reason: str, by: User) -> Packet:
    cases.require_office(application, by)
    case = Application.objects.select_related("office").get(pk=application.pk)
    _require_possible(case, step)
    today = timezone.localdate()
    run = case.packets.count() + 1
    rendered = packet.render(
        _context(case, run, today, by),
        _wanted(case, today),
        key=codes.read_key(Path(str(settings.OVERA["KEYS"]))),
    )
    for pdf in (rendered.pdf, *(paper.pdf for paper in rendered.papers)):
        store.put(pdf)
    with audit.transaction():
        current = cases.require_unmoved(case, by)
        cases.supersede(current)
        facts = {"run": run, "reason": reason} if reason else {"run": run}
        cases.advance(current, step, by=by, facts=facts)
        return _save(current, run, reason, rendered, by)


def _require_possible(case: Application, step: str) -> None:
    """Refuse before anything is rendered."""
    try:
        states.advance(Procedure(case.procedure), step, State(case.state))
    except states.StepNotAllowedError as fault:
        raise errors.NotNowError(step=fault.name, state=fault.state) from fault


def _wanted(case: Application, today: date) -> list[tuple[PaperVersion, int]]:
    """Return which papers are printed and which copy of each, in the order of signing."""
    request = Paper.Kind.COVER if case.request_brought else Paper.Kind.REQUEST
    kinds = [(request, (1,)), (Paper.Kind.TERMS, _BOTH)]
    kinds += [(Paper.Kind.CONTRACT, _BOTH)] if case.contract_requested else []
    try:
        return [
            (versions.current(str(kind), today), copy) for kind, copies in kinds for copy in copies
        ]
    except PaperMissingError as fault:
        raise errors.PaperMissingError(kind=fault.kind) from fault


def _context(case: Application, run: int, today: date, by: User) -> CaseContext:
    office = case.office
    return CaseContext(
        case_number=case.number,
        run=run,
        procedure=case.procedure,
        applicant=found.applicant_of(case),
        email_choice=case.email_choice,
        contract_requested=case.contract_requested,
        contract_waiver=case.contract_waiver,
        office_code=office.code,
        office_name=office.name,
        office_place=office.place,
        office_address=office.address,
        officer=by.get_full_name() or by.get_username(),
        printed_on=today,
        script=Script(case.script),
    )


def _save(case: Application, run: int, reason: str, rendered: RenderedPacket, by: User) -> Packet:
    printed = Packet.objects.create(
        application=case,
        run=run,
        printed_by=by,
        printed_at=timezone.now(),
        reason=reason,
        merged=store.address(rendered.pdf),
    )
    for position, paper in enumerate(rendered.papers, 1):
        _save_paper(printed, position, paper)
    return printed


def _save_paper(printed: Packet, position: int, rendered: RenderedPaper) -> None:
    paper = Paper.objects.create(
        packet=printed,
        kind=rendered.kind,
        copy=rendered.copy,
        version=rendered.version,
        title=rendered.title,
        expected=list(rendered.expected),
        sha256=store.address(rendered.pdf),
        size=len(rendered.pdf),
        position=position,
    )
    Page.objects.bulk_create(
        Page(paper=paper, number=page.number, content_hash=page.content_hash, code=page.code)
        for page in rendered.pages
    )

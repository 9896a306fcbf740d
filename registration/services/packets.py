"""Printing: papers are made and stored first, then their rows; what changed supersedes."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from archive import store
from archive.services import audit
from archive.services.files import blobs
from archive.services.log import heads
from cardops.cards.profile import Role
from registration import errors
from registration.documents import codes, packet
from registration.documents.contexts import CaseContext, IssuedCertificate
from registration.documents.packet import Press, PrintedPacket, PrintedPaper
from registration.documents.papers import Version
from registration.models import Application, Certificate, Handover, Packet, Page, Paper, User
from registration.queries import bodies, certificates, papers, wording
from registration.queries import cases as found
from registration.rules.scripts import Script
from registration.services import cases
from registration.workflow import requests
from registration.workflow.states import State

_BOTH = (1, 2)
_ORDER = [  # of signing
    *((str(kind), 1) for kind in (Paper.Kind.REPRINT, Paper.Kind.REQUEST, Paper.Kind.COVER)),
    *((str(kind), copy) for kind in (Paper.Kind.TERMS, Paper.Kind.CONTRACT) for copy in _BOTH),
    *((str(kind), 1) for kind in (Paper.Kind.RECEIPT, Paper.Kind.UNBLOCK, Paper.Kind.STATUS)),
]
_ALONE = {  # forms that are the whole packet
    requests.FORM_2.form: Paper.Kind.UNBLOCK,
    requests.FORM_3.form: Paper.Kind.STATUS,
}
_CORRECTED = "подаци су исправљени"

Wanted = list[tuple[Version, int]]


def press() -> Press:
    """Return what papers are made with here."""
    key = codes.read_key(Path(str(settings.OVERA["KEYS"])))
    return Press(key, Path(str(settings.OVERA["COMPILED"])))


def print_packet(application: Application, *, by: User) -> Packet | None:
    """Print a case for the first time, or after a correction the papers that changed by it.

    Papers that still say what they should keep their signatures. None where all of them do.
    """
    case = _possible(application, "print", by)
    case.body = bodies.of_office(case.office)
    wanted = _wanted(case)
    context = _context(case, by)
    due = _changed(case, context, wanted)
    return _print(case, "print", _explained(case, context, due, _CORRECTED), wanted, due, "", by)


def reprint(
    application: Application, which: Collection[int], reason: str, *, by: User
) -> Packet | None:
    """Print papers (ids) again: the sheets so far, and the signatures on them, count no more."""
    case = _possible(application, "reprint", by)
    wanted = _wanted(case)
    again = {(each.kind, each.copy) for each in papers.current(case) if each.pk in which}
    due = [each for each in wanted if (each[0].kind, each[1]) in again]
    if not due:
        raise errors.NothingToPrintError
    context = _explained(case, _context(case, by), due, reason)
    return _print(case, "reprint", context, wanted, due, reason, by)


def print_receipt(application: Application, *, by: User) -> Packet:
    """Print what the citizen signs at the hand-over; it is kept with the case."""
    cases.require_officer(application, by)
    case = Application.objects.select_related("office").get(pk=application.pk)
    if case.state != State.ISSUED or Handover.objects.filter(application=case).exists():
        raise errors.NotNowError
    issued = tuple(map(_issued, certificates.live(case)))
    context = replace(_context(case, by), issued=issued)
    due = [(_version(Paper.Kind.RECEIPT, case), 1)]
    made = packet.make(context, due, press())
    _store(made)
    with audit.transaction():
        case = cases.require_unmoved(case, by)
        supersede_receipt(case)
        audit.append("case.receipt", subject=case.number, by=by, facts={"run": context.run})
        case.version += 1
        case.save(update_fields=["version"])
        return _save(case, context, "", made, by)


def _issued(certificate: Certificate) -> IssuedCertificate:
    until = timezone.localdate(certificate.not_after)
    return IssuedCertificate(Role(certificate.role), certificate.serial, until)


def supersede_receipt(case: Application) -> None:
    """Let a receipt that was printed before count no more."""
    receipts = case.papers.filter(kind=Paper.Kind.RECEIPT, superseded_at=None)
    receipts.update(superseded_at=timezone.now())


def folder_label(application: Application, *, by: User) -> bytes:
    """Return the label for the folder of a filed case as PDF; nothing is kept of it."""
    cases.require_officer(application, by)
    case = Application.objects.select_related("office").get(pk=application.pk)
    if not case.file_number:
        raise errors.NotNowError
    record = found.require_record(case)
    context = replace(
        _context(case, by),
        file_number=case.file_number,
        retained_until=record.retained_until,
        retained_for_ever=record.retained_until is None,
    )
    label = _version(Paper.Kind.FOLDER, case)
    return packet.make(context, [(label, 1)], press()).pdf


def _print(
    seen: Application,
    step: str,
    context: CaseContext,
    wanted: Wanted,
    due: Wanted,
    reason: str,
    by: User,
) -> Packet | None:
    covered = [*_cover(seen, context), *due]
    made = packet.make(context, covered, press()) if due else None
    _store(made)
    with audit.transaction():
        case = cases.require_unmoved(seen, by)
        _supersede(case, wanted, due, reason)
        facts = {"run": context.run} if made else {"run": context.run - 1, "kept": True}
        case = cases.advance(
            case, step, by=by, facts=facts | ({"reason": reason} if reason else {})
        )
        Application.objects.filter(pk=case.pk).update(body=seen.body)
        printed = _save(case, context, reason, made, by) if made else None
        if not papers.missing_signatures(case):
            cases.advance(case, "sign", by=by)
    return printed


def _explained(case: Application, context: CaseContext, due: Wanted, reason: str) -> CaseContext:
    """Return what is printed with what its cover says, where papers take the place of others."""
    known = {(each.kind, each.copy) for each in papers.kept(case)}
    again = [
        f"{version.name}, примерак {copy}" for version, copy in due if (version.kind, copy) in known
    ]
    return replace(context, reason=reason, reprinted=tuple(again)) if again else context


def _cover(case: Application, context: CaseContext) -> Wanted:
    if not context.reprinted:
        return []
    return [(_version(Paper.Kind.REPRINT, case), 1)]


def _store(made: PrintedPacket | None) -> None:
    for pdf in _files(made) if made else ():
        store.put(pdf)


def _addresses(made: PrintedPacket) -> set[str]:
    return {store.address(pdf) for pdf in _files(made)}


def _files(made: PrintedPacket) -> Iterator[bytes]:
    yield made.pdf
    yield from (paper.pdf for paper in made.papers)


def _possible(application: Application, step: str, by: User) -> Application:
    """Return the case; refuse before anything is made."""
    cases.require_office(application, by)
    case = Application.objects.select_related("office").get(pk=application.pk)
    cases.require_possible(case, step)
    return case


def _wanted(case: Application) -> Wanted:
    """Return which papers a case has and which copy of each, in the order of signing."""
    alone = _ALONE.get(requests.of(case.procedure).form)
    if alone is not None:
        return [(_version(alone, case), 1)]
    request = Paper.Kind.COVER if case.request_brought else Paper.Kind.REQUEST
    kinds = [(request, (1,)), (Paper.Kind.TERMS, _BOTH)]
    kinds += [(Paper.Kind.CONTRACT, _BOTH)] if case.contract_requested else []
    return [(_version(kind, case), copy) for kind, copies in kinds for copy in copies]


def _version(kind: Paper.Kind, case: Application) -> Version:
    """Return the wording of today, with the certification body that the case's papers name."""
    try:
        return replace(wording.current(str(kind), timezone.localdate()), body=case.body)
    except wording.PaperMissingError as fault:
        raise errors.PaperMissingError(kind=kind.label) from fault


@contextmanager
def _printable() -> Iterator[None]:
    try:
        yield
    except packet.UnprintableError as fault:
        raise errors.UnprintableError(letters=fault.letters) from fault


@_printable()
def _changed(case: Application, context: CaseContext, wanted: Wanted) -> Wanted:
    """Return the papers that are new, or would say something else than those that count."""
    known = {
        (each.kind, each.copy): [page.content_hash for page in each.pages.all()]
        for each in papers.kept(case)
    }
    made = press()
    says = {version: packet.content(context, version, made) for version in dict(wanted)}
    return [each for each in wanted if known.get((each[0].kind, each[1])) != says[each[0]]]


def _supersede(case: Application, wanted: Wanted, due: Wanted, reason: str) -> None:
    """Let those count no more that are printed now, and those that the case does not need."""
    kept = {(version.kind, copy) for version, copy in wanted if (version, copy) not in due}
    gone = [each.pk for each in papers.kept(case) if (each.kind, each.copy) not in kept]
    Paper.objects.filter(pk__in=gone).update(superseded_at=timezone.now(), superseded_reason=reason)


def _context(case: Application, by: User) -> CaseContext:
    office = case.office
    return CaseContext(
        case_number=case.number,
        run=case.packets.count() + 1,
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
        printed_on=timezone.localdate(),
        script=Script(case.script),
        head=heads.printed(),
        reported_by=case.reported_by,
        status_reason=case.status_reason,
        changed=tuple(_issued(each) for each in certificates.about(case)),
    )


def _save(
    case: Application, context: CaseContext, reason: str, made: PrintedPacket, by: User
) -> Packet:
    blobs.keep(_addresses(made))
    printed = Packet.objects.create(
        application=case,
        run=context.run,
        head=context.head,
        printed_by=by,
        printed_at=timezone.now(),
        reason=reason,
        merged=store.address(made.pdf),
    )
    for paper in made.papers:
        _save_paper(printed, paper)
    return printed


def _save_paper(printed: Packet, made: PrintedPaper) -> None:
    version = made.version
    paper = Paper.objects.create(
        application=printed.application,
        packet=printed,
        kind=version.kind,
        copy=made.copy,
        version=version.code,
        title=version.name,
        expected=list(version.expected),
        sha256=store.address(made.pdf),
        size=len(made.pdf),
        position=_ORDER.index((version.kind, made.copy)) + 1,
        way=made.way,
    )
    Page.objects.bulk_create(
        Page(
            paper=paper,
            number=page.number,
            content_hash=page.content_hash,
            code=page.code,
            zones=[asdict(zone) for zone in page.zones],
        )
        for page in made.pages
    )

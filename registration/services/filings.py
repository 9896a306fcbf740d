"""Filing: the case gets its number and becomes a record of the archive."""

from collections.abc import Iterator
from datetime import date, datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils import timezone, translation

from archive.filing import (
    CertificateFacts,
    FiledCustody,
    FiledEvent,
    FiledLife,
    FiledPaper,
    FiledSignature,
    Filing,
)
from archive.services import audit, numbering, records
from archive.services.keeping import renewals as renewals_told
from registration import errors
from registration.models import (
    Application,
    Handover,
    Paper,
    Signature,
    StatusRequest,
    Unblocking,
    User,
)
from registration.queries import cases as found
from registration.queries import certificates, history, papers, renewals
from registration.services import cases, paper_scans, seals
from registration.services.handovers import RETAINED_COPY
from registration.workflow.states import State

_CARD = "лична карта"


def file(application: Application, *, by: User) -> Application:
    """File a case that was handed over, or that ended with signed papers."""
    cases.require_office(application, by)
    _require_fileable(application)
    with audit.transaction():
        outcome = Application.objects.get(pk=application.pk).state
        case = cases.advance(application, "file", by=by)
        now = timezone.localtime()
        case.file_number = numbering.file_number(now.year)
        case.record_reference, case.filed_at = case.number, now
        case.save()
        records.file(_filing(case, outcome, by), by=by)
        _tell_renewed(case, now, by)
        paper_scans.archive_all(case)
        seals.request(case, papers.current(case), by=by)
    return case


def _require_fileable(application: Application) -> None:
    case = Application.objects.get(pk=application.pk)
    if case.state == State.ISSUED:
        if not Handover.objects.filter(application=case).exists():
            raise errors.NotHandedOverError
    elif case.state == State.PERFORMED:
        if StatusRequest.objects.filter(application=case, told_at=None).exists():
            raise errors.NotToldError
    elif not papers.any_signed(case):
        raise errors.NothingToFileError


def _filing(case: Application, outcome: str, by: User) -> Filing:
    applicant = found.applicant_of(case)
    signed = list(_signatures(case))
    return Filing(
        reference=case.record_reference,
        case_number=case.number,
        file_number=case.file_number,
        kind=case.procedure,
        office_code=case.office.code,
        office_name=case.office.name,
        officer=by.get_full_name() or by.get_username(),
        surname=applicant.surname,
        given_name=applicant.given_name,
        jmbg=applicant.jmbg,
        document_number=applicant.document_number,
        decided_on=_decided_on(case),
        state=outcome,
        email=applicant.certificate_email,
        certificates=tuple(_certificates(case)),
        about=tuple(_about(case)),
        papers=tuple(_paper(each) for each in papers.current(case)),
        signatures=tuple(_signature(each) for each in signed),
        custody=tuple(_custody(case)),
        events=tuple(_events(case)),
    )


def _decided_on(case: Application) -> date:
    """Return the day of filing; what was performed was decided when it was done."""
    unblocked = Unblocking.objects.filter(application=case).values_list("done_at", flat=True)
    changed = StatusRequest.objects.filter(application=case).values_list("confirmed_at", flat=True)
    return timezone.localdate(unblocked.first() or changed.first())


def _about(case: Application) -> Iterator[FiledLife]:
    for each in certificates.about(case):
        yield FiledLife(each.not_after, each.revoked_at, each.serial, each.issuer)


def _certificates(case: Application) -> Iterator[CertificateFacts]:
    for live in certificates.live(case).select_related("issuance"):
        der = x509.load_pem_x509_certificate(live.pem.encode()).public_bytes(Encoding.DER)
        yield CertificateFacts.read(der, live.role, live.issuance.renews_serial)


def _tell_renewed(case: Application, now: datetime, by: User) -> None:
    """Tell the records of what the case renewed, wherever they were issued."""
    for live in certificates.live(case).select_related("issuance"):
        renewed = renewals.issued_here(renewals.named(live.issuance))
        record = found.record_of(renewed.application) if renewed else None
        if renewed is not None and record is not None:
            renewals_told.note(record, renewed.serial, live.serial, now, by=by)


def _paper(paper: Paper) -> FiledPaper:
    return FiledPaper(
        kind=paper.kind,
        copy=paper.copy,
        title=paper.title,
        sha256=paper.sha256,
        size=paper.size,
        pages=paper.pages.count(),
        retained=paper.copy == RETAINED_COPY,
    )


def _signatures(case: Application) -> Iterator[Signature]:
    recorded = Signature.objects.filter(paper__in=papers.current(case), withdrawn_at=None)
    yield from recorded.select_related("paper").order_by("paper__position", "pk")


def _signature(signature: Signature) -> FiledSignature:
    return FiledSignature(
        paper=signature.paper.kind,
        copy=signature.paper.copy,
        role=signature.role,
        signer=signature.signer,
        signed_on=signature.signed_on.isoformat(),
        place=signature.place,
        witness=signature.witness,
    )


def _custody(case: Application) -> Iterator[FiledCustody]:
    handover = Handover.objects.filter(application=case).first()
    if handover is None:
        return
    titles = {(each.kind, each.copy): f"{each.title} {each.copy}" for each in papers.current(case)}
    titles["card", 0] = _CARD
    since = handover.confirmed_at.isoformat()
    for holder, things in (("office", handover.retained), ("citizen", handover.handed_over)):
        for thing in things:
            kind, _colon, copy = thing.partition(":")
            named = kind, int(copy or 0)
            what = titles.get(named, thing)
            yield FiledCustody(kind=kind, copy=named[1], what=what, holder=holder, since=since)


def _events(case: Application) -> list[FiledEvent]:
    """Return what happened, in the language of the papers."""
    events = list(history.of_case(case))
    names = history.names(events)
    with translation.override("sr"):
        kinds = history.kinds(case)
        return [
            FiledEvent(
                at=event.at.isoformat(),
                event=history.sentence(event, kinds),
                actor=str(names.get(event.actor, event.actor)),
                note=str(event.facts.get("reason", "")),
            )
            for event in events
        ]

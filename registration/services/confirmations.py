"""What an officer confirms on a scanned sheet becomes the evidence behind its signatures."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from archive import store
from archive.services import audit
from registration import errors
from registration.models import Application, Mark, Sheet, Signature, User
from registration.services import bundles, cases, sheets, signatures, stacks
from registration.workflow.states import Procedure, State

SIGNED, EMPTY, FINE, ALTERED = "signed", "empty", "fine", "altered"
_OPTIONS = {Procedure.ISSUE: "1", Procedure.RENEW: "2"}
_RECORDED = frozenset({State.PRINTED, State.SIGNED})  # states in which signatures are recorded


def confirm(
    sheet: Sheet, said: Mapping[int, str], *, signed_on: date, place: str, by: User
) -> None:
    """Record what a person saw on a sheet: an answer for each of its marks (id → answer).

    A mark of a signature or seal is "signed" or "empty", of the option its number, of an
    alteration "fine" or "altered". Raises UnansweredError, OptionError, ContradictedError,
    FutureSignatureError, NotNowError, ChangedMeanwhileError.
    """
    if signed_on > timezone.localdate():
        raise errors.FutureSignatureError
    try:
        with audit.transaction():
            row = _locked(sheet, by)
            answers = _answers(row, said)
            if ALTERED in answers.values():
                _refuse(row, answers, by)
                return
            case = cases.locked(row.page.paper.application)  # type: ignore[union-attr]
            _require_option(case, answers)
            _keep(row)
            for mark, answer in answers.items():
                _decide(case, mark, answer, signed_on, place, by)
            _confirmed(row, answers, by)
            signatures.settle(case, by)
    except IntegrityError as fault:  # the same page was confirmed from another sheet
        raise errors.ChangedMeanwhileError from fault
    sheets.forget(row)
    stacks.close(row.stack, by=by)


def _locked(sheet: Sheet, by: User) -> Sheet:
    row = (
        Sheet.objects.select_for_update(of=("self",), no_key=True)
        .select_related("stack__office", "page__paper__application")
        .get(pk=sheet.pk)
    )
    if row.stack.office_id != by.office_id:
        raise errors.ForeignOfficeError
    if row.state != Sheet.State.NAMED or row.page is None:
        raise errors.NotNowError
    if row.page.paper.superseded_at:
        raise errors.PageNotCountingError
    return row


def _answers(row: Sheet, said: Mapping[int, str]) -> dict[Mark, str]:
    """Return each mark with its answer; nothing stays unsaid."""
    marks = list(row.marks.all())
    answers = {mark: said.get(mark.pk, "") for mark in marks}
    if not all(_fits(mark, answer) for mark, answer in answers.items()):
        raise errors.UnansweredError
    return answers


def _fits(mark: Mark, answer: str) -> bool:
    if mark.kind == Mark.Kind.OPTION:
        return answer.isdigit()
    if mark.kind == Mark.Kind.ALTERATION:
        return answer in {FINE, ALTERED}
    return answer in {SIGNED, EMPTY}


def _require_option(case: Application, answers: Mapping[Mark, str]) -> None:
    for mark, answer in answers.items():
        if mark.kind == Mark.Kind.OPTION and answer != _OPTIONS[Procedure(case.procedure)]:
            raise errors.OptionError


def _refuse(row: Sheet, answers: Mapping[Mark, str], by: User) -> None:
    """Refuse a sheet on which printed text was changed, whoever signed it."""
    for mark, answer in answers.items():
        Mark.objects.filter(pk=mark.pk).update(said=answer)
    row.state, row.reason = Sheet.State.REFUSED, "altered"
    row.save(update_fields=["state", "reason"])
    _note("sheet.altered", row, by, {})


def _keep(row: Sheet) -> None:
    """Take the sheet's picture and its cuts into the store, before their rows say so."""
    row.original = store.put(bundles.get(row.bundle, bundles.ORIGINAL))
    for mark in row.marks.all():
        cut = store.put(bundles.get(row.bundle, mark.cut))
        Mark.objects.filter(pk=mark.pk).update(cut=cut)


def _decide(
    case: Application, mark: Mark, answer: str, signed_on: date, place: str, by: User
) -> None:
    signature = None
    if mark.kind in {Mark.Kind.SIGNATURE, Mark.Kind.SEAL}:
        signature = _signature(case, mark, answer, signed_on, place, by)
    Mark.objects.filter(pk=mark.pk).update(said=answer, signature=signature)


def _signature(
    case: Application, mark: Mark, answer: str, signed_on: date, place: str, by: User
) -> Signature | None:
    """Return the signature that the mark proves: the one on record, or a new one."""
    paper = mark.sheet.page.paper  # type: ignore[union-attr]
    known = paper.signatures.filter(role=mark.name, withdrawn_at=None).first()
    if answer == EMPTY:
        if known is not None:
            raise errors.ContradictedError(role=Signature.Role(mark.name).label)
        return None
    if known is None and mark.name in paper.expected and case.state in _RECORDED:
        known = signatures.put_on_record(case, paper, mark.name, signed_on, place, by)
    return known


def _confirmed(row: Sheet, answers: Mapping[Mark, str], by: User) -> None:
    row.state, row.decided_by, row.decided_at = Sheet.State.CONFIRMED, by, timezone.now()
    row.save()
    said = [[mark.kind, mark.name, mark.answer, answer] for mark, answer in answers.items()]
    _note("sheet.confirm", row, by, {"said": said, "picture": row.original})


def _note(event: str, row: Sheet, by: User, facts: dict[str, Any]) -> None:
    page = row.page
    assert page is not None  # noqa: S101 - `_locked` let no other through
    about = {"page": page.code, "stack": str(row.stack_id), "sheet": row.number}
    audit.append(event, subject=page.paper.application.number, by=by, facts=about | facts)

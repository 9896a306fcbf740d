"""What an officer confirms on a paper's scanned sheets becomes the evidence of its signatures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone

from archive import store
from archive.services import audit
from archive.services.files import blobs
from registration import errors
from registration.models import Application, Mark, Paper, Sheet, Signature, User
from registration.queries import scans
from registration.services import bundles, cases, signatures, stacks
from registration.workflow import requests
from registration.workflow.states import State

SIGNED, EMPTY, FINE, ALTERED = "signed", "empty", "fine", "altered"
_RECORDED = frozenset({State.PRINTED, State.SIGNED})  # states in which signatures are recorded


@dataclass(frozen=True)
class Word:
    """What a person says of a paper's sheets: an answer to each mark (id → answer).

    Of a signature or seal "signed" or "empty", of the option its number, of an alteration "fine"
    or "altered".
    """

    answers: Mapping[int, str]
    signed_on: date
    place: str
    by: User


def confirm(paper: Paper, chosen: Sequence[int], word: Word) -> list[Sheet]:
    """Record what a person saw on the sheets (ids) of one paper: all of it or nothing.

    Returns the sheets that count now; one on which the print was altered is refused instead.
    Raises UnansweredError, OptionError, ContradictedError, FutureSignatureError, NotNowError,
    PageNotCountingError, ForeignOfficeError, ChangedMeanwhileError.
    """
    if word.signed_on > timezone.localdate():
        raise errors.FutureSignatureError
    cases.require_office(paper.application, word.by)
    try:
        with audit.transaction():
            case = _locked_case(paper)
            rows = _locked_sheets(paper, chosen)
            counting = [row for row in rows if _decided(case, row, word)]
            blobs.keep(_files(counting))
            signatures.settle(case, word.by)
    except IntegrityError as fault:  # the same page was confirmed from another sheet
        raise errors.ChangedMeanwhileError from fault
    for row in counting:
        bundles.forget(row)
        stacks.close(row.stack, by=word.by)
    return counting


def accept(sheet: Sheet) -> None:
    """Let a second scan count without a person, where OVERA["ACCEPT_SECOND_SCAN"] says so.

    Only of a filed case, and only a sheet on which the machine saw nothing but signatures that
    are on record already.
    """
    if not settings.OVERA["ACCEPT_SECOND_SCAN"]:
        return
    with audit.transaction():
        row = _again(sheet)
        if row is None:
            return
        _keep(row)
        for mark, signature in _recorded(row).items():
            Mark.objects.filter(pk=mark.pk).update(said=SIGNED, signature=signature)
        _confirmed(row, dict.fromkeys(row.marks.all(), SIGNED), None)
        blobs.keep(_files([row]))
    bundles.forget(row)


def _again(sheet: Sheet) -> Sheet | None:
    """Return the sheet, locked, if the machine may accept it."""
    named = Sheet.objects.filter(
        pk=sheet.pk, state=Sheet.State.NAMED, page__paper__application__state=State.FILED
    )
    row = named.select_for_update(of=("self",), no_key=True).select_related("page__paper").first()
    if row is None or any(not _is_known(row, mark) for mark in row.marks.all()):
        return None
    return row


def _is_known(row: Sheet, mark: Mark) -> bool:
    return mark.kind == Mark.Kind.SIGNATURE and mark.answer == SIGNED and mark in _recorded(row)


def _recorded(row: Sheet) -> dict[Mark, Signature]:
    """Return the sheet's marks whose signature is on record."""
    paper = row.page.paper  # type: ignore[union-attr]
    known = {each.role: each for each in paper.signatures.filter(withdrawn_at=None)}
    return {mark: known[mark.name] for mark in row.marks.all() if mark.name in known}


def _locked_case(paper: Paper) -> Application:
    case = cases.locked(paper.application)
    if Paper.objects.get(pk=paper.pk).superseded_at:
        raise errors.PageNotCountingError
    if case.state == State.DRAFT:
        raise errors.NotNowError
    return case


def _locked_sheets(paper: Paper, chosen: Sequence[int]) -> list[Sheet]:
    named = scans.sheets_of(paper, Sheet.State.NAMED).filter(pk__in=chosen)
    rows = list(named.select_for_update(of=("self",), no_key=True))
    if not rows or len(rows) != len(set(chosen)):
        raise errors.NotNowError
    return rows


def _decided(case: Application, row: Sheet, word: Word) -> bool:
    """Write down the word on one sheet; tell whether the sheet counts."""
    answers = _answers(row, word.answers)
    for mark, answer in answers.items():
        Mark.objects.filter(pk=mark.pk).update(said=answer)
    if ALTERED in answers.values():
        _refuse(row, word.by)
        return False
    _require_option(case, answers)
    _keep(row)
    for mark, answer in answers.items():
        if mark.kind in {Mark.Kind.SIGNATURE, Mark.Kind.SEAL}:
            signature = _signature(case, row, mark, answer, word)
            Mark.objects.filter(pk=mark.pk).update(signature=signature)
    _confirmed(row, answers, word.by)
    return True


def _answers(row: Sheet, said: Mapping[int, str]) -> dict[Mark, str]:
    """Return each mark with its answer; nothing stays unsaid."""
    answers = {mark: said.get(mark.pk, "") for mark in row.marks.all()}
    if not all(answer in choices(mark) for mark, answer in answers.items()):
        raise errors.UnansweredError
    return answers


def choices(mark: Mark) -> tuple[str, ...]:
    """Return the answers that a mark can get."""
    if mark.kind == Mark.Kind.OPTION:
        return requests.NUMBERS
    if mark.kind == Mark.Kind.ALTERATION:
        return FINE, ALTERED
    return SIGNED, EMPTY


def _require_option(case: Application, answers: Mapping[Mark, str]) -> None:
    circled = requests.circled(case.procedure, case.choice)
    for mark, answer in answers.items():
        if mark.kind == Mark.Kind.OPTION and answer != circled:
            raise errors.OptionError


def _refuse(row: Sheet, by: User) -> None:
    """Refuse a sheet on which printed text was changed, whoever signed it."""
    row.state, row.reason = Sheet.State.REFUSED, "altered"
    row.save(update_fields=["state", "reason"])
    _note("sheet.altered", row, by, {})


def _keep(row: Sheet) -> None:
    """Take the sheet's picture and its cuts into the store, before their rows say so."""
    row.original = store.put(bundles.get(row.bundle, bundles.ORIGINAL))
    if row.scanned["picture"] != row.scanned["original"]:
        row.picture = store.put(bundles.get(row.bundle, bundles.PICTURE))
    for mark in row.marks.all():
        cut = store.put(bundles.get(row.bundle, mark.cut))
        Mark.objects.filter(pk=mark.pk).update(cut=cut)


def _files(rows: Sequence[Sheet]) -> set[str]:
    """Return what the store has of confirmed sheets."""
    cuts = Mark.objects.filter(sheet__in=rows).values_list("cut", flat=True)
    pictures = {address for row in rows for address in (row.original, row.picture) if address}
    return {*pictures, *cuts}


def _signature(
    case: Application, row: Sheet, mark: Mark, answer: str, word: Word
) -> Signature | None:
    """Return the signature that the mark proves: the one on record, or a new one."""
    paper = row.page.paper  # type: ignore[union-attr]
    known = paper.signatures.filter(role=mark.name, withdrawn_at=None).first()
    if answer == EMPTY:
        if known is not None:
            raise errors.ContradictedError(role=Signature.Role(mark.name).label)
        return None
    if known is None and mark.name in paper.expected and case.state in _RECORDED:
        return signatures.put_on_record(case, paper, mark.name, word.signed_on, word.place, word.by)
    return known


def _confirmed(row: Sheet, answers: Mapping[Mark, str], by: User | None) -> None:
    row.state, row.decided_by, row.decided_at = Sheet.State.CONFIRMED, by, timezone.now()
    row.save()
    said = [[mark.kind, mark.name, mark.answer, answer] for mark, answer in answers.items()]
    _note("sheet.confirm", row, by, {"said": said, "picture": row.original})


def _note(event: str, row: Sheet, by: User | None, facts: dict[str, Any]) -> None:
    page = row.place
    assert page is not None  # noqa: S101 - only sheets of a paper are confirmed
    about = {"page": page.code, "stack": str(row.stack_id), "sheet": row.number}
    audit.append(event, subject=page.paper.application.number, by=by, facts=about | facts)

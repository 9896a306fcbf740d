"""Two officers, one case: one of them takes the step, the other is told why not."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from archive.models import Record
from registration import errors
from registration.models import Application, Desk, Handover, Issuance, Packet, Paper, User
from registration.queries import cases as found
from registration.queries import papers
from registration.services import (
    cases,
    filings,
    handovers,
    identity_checks,
    issuances,
    packets,
    signatures,
)
from registration.workflow.states import State
from tests.concurrency import ready
from tests.concurrency.at_once import at_once
from tests.concurrency.outcomes import events, once, only_one, refused
from tests.pages import counter

pytestmark = pytest.mark.django_db(transaction=True)

MOVED = (errors.NotNowError, errors.ChangedMeanwhileError)


def each_opens(case: Application, *acts: Callable[[Application], Any]) -> list[Any]:
    """Let everybody act upon the case as they saw it on their own screens."""
    return at_once(*(partial(act, Application.objects.get(pk=case.pk)) for act in acts))


def test_printed_twice_and_corrected_at_once_there_is_one_packet_or_none(
    officer: User, colleague: User, desk: Desk
) -> None:
    case = counter.checked(
        officer, desk, contract_requested=False, contract_waiver="ne želi ga", request_brought=True
    )
    only_one(
        each_opens(
            case,
            partial(packets.print_packet, by=officer),
            partial(packets.print_packet, by=colleague),
            partial(ready.corrected, phone="011 1", by=colleague),
        ),
        *MOVED,
    )
    case.refresh_from_db()
    assert once(case.number, "case.print", "case.amend")
    printed = case.state == State.PRINTED
    assert Packet.objects.count() == int(printed)
    assert Paper.objects.count() == 3 * printed
    assert found.applicant_of(case).phone == ("" if printed else "011 1")


def test_nobodys_correction_is_written_over_unseen(
    officer: User, colleague: User, desk: Desk
) -> None:
    case = counter.opened(officer, desk)
    kept = only_one(
        each_opens(
            case,
            partial(ready.corrected, phone="011 1", by=officer),
            partial(ready.corrected, phone="022 2", by=colleague),
        ),
        errors.ChangedMeanwhileError,
    )
    case.refresh_from_db()
    assert found.applicant_of(case).phone == found.applicant_of(kept).phone
    assert events(case.number) == ["case.open", "case.amend"]


def test_printed_papers_are_corrected_by_one(officer: User, colleague: User, desk: Desk) -> None:
    case = counter.signed(officer, desk)
    only_one(
        each_opens(
            case,
            partial(ready.corrected, phone="011 1", by=officer),
            partial(ready.corrected, phone="022 2", by=colleague),
        ),
        *MOVED,
    )
    assert once(case.number, "case.correct", "case.amend")


def ticks(case: Application) -> list[signatures.Tick]:
    return [(each.paper.pk, each.role) for each in papers.missing_signatures(case)]


def tick(case: Application, which: list[signatures.Tick], by: User) -> None:
    signatures.record(case, which, signed_on=timezone.localdate(), place="Beograd", by=by)


def test_the_same_signatures_are_recorded_once(officer: User, colleague: User, desk: Desk) -> None:
    case = counter.printed(officer, desk)
    which = ticks(case)
    only_one(
        each_opens(
            case,
            partial(tick, which=which, by=officer),
            partial(tick, which=which, by=colleague),
        ),
        errors.SignatureError,
    )
    assert events(case.number).count("signature.record") == len(which)
    assert once(case.number, "case.sign")


def test_halves_ticked_by_two_make_the_whole(officer: User, colleague: User, desk: Desk) -> None:
    case = counter.printed(officer, desk)
    which = ticks(case)
    outcomes = each_opens(
        case,
        partial(tick, which=which[::2], by=officer),
        partial(tick, which=which[1::2], by=colleague),
    )
    assert refused(outcomes) == []
    case.refresh_from_db()
    assert case.state == State.SIGNED
    assert events(case.number).count("signature.record") == len(which)
    assert once(case.number, "case.sign")


def test_a_tick_is_taken_back_once(officer: User, colleague: User, desk: Desk) -> None:
    case = counter.signed(officer, desk)
    signature = papers.current(case)[0].signatures.first()
    outcomes = at_once(
        partial(signatures.withdraw, signature, by=officer),
        partial(signatures.withdraw, signature, by=colleague),
    )
    only_one(outcomes, errors.ChangedMeanwhileError)
    assert once(case.number, "signature.withdraw")
    assert once(case.number, "case.unsign")


def checked(case: Application, by: User) -> object:
    document = counter.DOCUMENT
    return identity_checks.record(case, method="card", document=document, note="", by=by)


def test_identity_is_checked_by_one(officer: User, colleague: User, desk: Desk) -> None:
    case = counter.opened(officer, desk)
    outcomes = each_opens(case, partial(checked, by=officer), partial(checked, by=colleague))
    only_one(outcomes, errors.ChangedMeanwhileError)
    assert case.identity_checks.count() == 1
    assert once(case.number, "case.identify")


def handed(case: Application, by: User) -> Handover:
    stays, goes = handovers.expected(case)
    return handovers.confirm(case, sorted(stays), sorted(goes), by=by)


def test_card_and_copies_are_handed_over_once_and_filed_once(
    officer: User, colleague: User, desk: Desk
) -> None:
    case = ready.issued(officer, desk)
    outcomes = each_opens(case, partial(handed, by=officer), partial(handed, by=colleague))
    only_one(outcomes, errors.ChangedMeanwhileError)
    assert once(case.number, "case.hand_over")
    outcomes = each_opens(
        case, partial(filings.file, by=officer), partial(filings.file, by=colleague)
    )
    filed = only_one(outcomes, errors.NotNowError)
    record = Record.objects.get()
    assert (record.reference, record.file_number) == (case.number, filed.file_number)
    assert filed.file_number == f"1/{timezone.localdate().year}"
    assert once(case.number, "case.file")
    assert events(record.file_number) == ["record.filed"]


def test_a_case_is_withdrawn_or_refused_or_issued(
    officer: User, colleague: User, desk: Desk
) -> None:
    case = counter.signed(officer, desk)
    only_one(
        each_opens(
            case,
            partial(issuances.start, desk=desk, option="1", email="", by=officer),
            partial(cases.withdraw, reason="predomislila se", by=colleague),
            partial(cases.refuse, reason="nema prava", by=colleague),
        ),
        errors.NotNowError,
    )
    case.refresh_from_db()
    assert once(case.number, "case.start_issuing", "case.withdraw", "case.refuse")
    assert Issuance.objects.exists() == (case.state == State.ISSUING)

"""A case of Obrazac 2: beside Obrazac 1 or alone, ordered of a desk, performed, filed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from archive.models import AuditEvent, Record
from archive.retention import Anchor
from cardops.errors import MessageError
from cardops.messages import Keys
from registration import errors
from registration.models import Application, CardReading, Desk, Issuance, Unblocking, User
from registration.queries import cases as found
from registration.queries import gate, history
from registration.reports import endings, waiting
from registration.reports.scope import Scope
from registration.services import (
    cases,
    desk_keys,
    filings,
    identity_checks,
    issuances,
    packets,
    sweeps,
    unblockings,
)
from registration.services.answers import Next, Then
from registration.workflow.states import State
from registration.workflow.unblocking import Stage
from tests.pages import counter
from tests.registration import making, unblocking

STATEMENT = "Алатом произвођача карте, за шалтером 3."


def today_of(officer: User) -> Scope:
    today = timezone.localdate()
    return Scope(today, today, (officer.office_id,))


def test_the_case_has_one_paper_with_two_signatures(officer: User, desk: Desk) -> None:
    case = unblocking.signed(officer, desk)
    paper = case.papers.get()
    assert (paper.kind, paper.copy, paper.expected) == ("unblock", 1, ["citizen", "officer"])
    assert case.state == State.SIGNED


def test_it_is_performed_when_the_desk_says_so(officer: User, desk: Desk) -> None:
    case = unblocking.performed(officer, desk)
    row = case.unblocking
    assert (case.state, row.stage, row.done_at is None) == (State.PERFORMED, Stage.DONE, False)
    written = [(entry.kind, entry.step) for entry in row.journal.all()]
    assert written == [("intent", "unblock-pin"), ("result", "unblock-pin")]
    codes = {code for code, *_rest in row.journal.all()[0].facts["evidence"]}
    assert codes == {"request_signed", "identity_checked", "card_matches"}


def test_the_desk_gets_the_puk_of_this_card_sealed(officer: User, desk: Desk) -> None:
    desk.public_keys = Keys.generate().public.to_json()
    desk.save()
    row = unblocking.ordered(officer, desk)
    puk = desk_keys.puk(row.card["chip_serial"])
    assert (len(puk), puk.isdigit(), puk == desk_keys.puk("another card")) == (8, True, False)
    outgoing = unblockings.command(str(row.pk))
    assert outgoing is not None
    assert puk.decode() not in outgoing.text


def test_nothing_is_ordered_before_all_is_signed(officer: User, desk: Desk) -> None:
    case = counter.printed(officer, desk, **unblocking.asked())
    with pytest.raises(errors.NotNowError):
        unblocking.order(case, officer, desk)


def test_without_the_card_read_nothing_is_ordered(officer: User, desk: Desk) -> None:
    case = unblocking.signed(officer, desk)
    case.card_readings.all().delete()
    with pytest.raises(errors.GateError) as gated:
        unblocking.order(case, officer, desk)
    assert gated.value.facts == {"missing": ["card_matches"]}


def test_the_option_is_read_from_the_signed_request(officer: User, desk: Desk) -> None:
    case = unblocking.signed(officer, desk, "keep")
    with pytest.raises(errors.OptionError):
        unblockings.order(case, desk, option="2", last_try_agreed=False, by=officer)
    assert not Unblocking.objects.exists()


def test_no_choice_is_no_case(officer: User, desk: Desk) -> None:
    with pytest.raises(errors.OptionError):
        counter.opened(officer, desk, **unblocking.asked(""))


def test_a_case_stays_on_its_form(officer: User, desk: Desk) -> None:
    case = counter.opened(officer, desk)
    choices = counter.chosen(procedure="unblock", contract_requested=False, pin_choice="keep")
    with pytest.raises(errors.NotNowError):
        cases.correct(case, counter.PETAR, choices, by=officer)


def test_while_the_desk_works_the_case_stands_still(officer: User, desk: Desk) -> None:
    case = unblocking.ordered(officer, desk).application
    case.refresh_from_db()
    for step in (
        lambda: cases.withdraw(case, "неће", by=officer),
        lambda: unblocking.order(case, officer, desk),
        lambda: unblockings.perform_elsewhere(case, STATEMENT, option="2", by=officer),
    ):
        with pytest.raises(errors.DeskAtWorkError):
            step()


def test_a_desk_at_work_takes_no_other_case(officer: User, desk: Desk) -> None:
    unblocking.ordered(officer, desk)
    with pytest.raises(errors.BusyDeskError):
        making.started(officer, desk)


def test_a_failure_is_named_and_the_same_order_goes_on(officer: User, desk: Desk) -> None:
    row = unblocking.ordered(officer, desk)
    unblocking.fail(row, "card-removed")
    assert (row.stage, row.failure_code) == (Stage.INTERRUPTED, "card-removed")
    again = unblocking.order(row.application, officer, desk)
    assert (again.pk, again.stage, again.failure_code) == (row.pk, Stage.WAITING, "")


@pytest.mark.parametrize("code", ["wrong-puk", "last-puk-try"])
def test_a_doubtful_puk_is_tried_by_a_persons_word_only(
    officer: User, desk: Desk, code: str
) -> None:
    row = unblocking.ordered(officer, desk)
    unblocking.fail(row, code, tries_left=1)
    with pytest.raises(errors.PukTryError):
        unblocking.order(row.application, officer, desk)
    assert unblocking.order(row.application, officer, desk, agreed=True).last_try_agreed


def test_an_answer_said_twice_performs_once(officer: User, desk: Desk) -> None:
    row = unblocking.ordered(officer, desk)
    unblocking.answer(row, "pin-unblocked", unblocking.DONE)
    unblocking.answer(row, "pin-unblocked", unblocking.DONE)
    assert AuditEvent.objects.filter(event="case.perform").count() == 1


def test_an_answer_after_the_silence_still_performs(officer: User, desk: Desk) -> None:
    row = unblocking.ordered(officer, desk)
    unblockings.interrupt(row.pk, "desk-silent", {})
    unblocking.answer(row, "pin-unblocked", unblocking.DONE)
    row.application.refresh_from_db()
    assert row.application.state == State.PERFORMED


def test_an_answer_to_a_case_that_moved_on_is_written_down(officer: User, desk: Desk) -> None:
    row = unblocking.ordered(officer, desk)
    unblockings.interrupt(row.pk, "desk-silent", {})
    case = cases.withdraw(row.application, "одустаје", by=officer)
    unblocking.answer(row, "pin-unblocked", unblocking.DONE)
    case.refresh_from_db()
    assert case.state == State.WITHDRAWN
    last = list(history.of_case(case))[-1]
    assert (last.event, row.journal.last().kind) == ("unblocking.late", "result")


def test_another_desk_has_no_say(officer: User, desk: Desk) -> None:
    row = unblocking.ordered(officer, desk)
    other = Desk.objects.create(
        code="2", name="Desk 2", office=desk.office, public_keys={}, seen_at=timezone.now()
    )
    with pytest.raises(MessageError):
        unblocking.answer(row, "pin-unblocked", unblocking.DONE, desk=other)


def test_the_sweep_asks_again_and_names_a_silent_desk(officer: User, desk: Desk) -> None:
    row = unblocking.ordered(officer, desk)
    later = timezone.now() + timedelta(minutes=10)
    assert list(sweeps.sweep(later)) == [Next(Then.UNBLOCK, str(row.pk))]
    Desk.objects.update(seen_at=None)
    assert list(sweeps.sweep(later)) == []
    row.refresh_from_db()
    assert (row.stage, row.failure_code) == (Stage.INTERRUPTED, "desk-silent")


def test_done_elsewhere_it_is_performed_by_the_officers_words(officer: User, desk: Desk) -> None:
    case = unblocking.signed(officer, desk)
    case.card_readings.all().delete()  # the vendor's tool may be all that reads this card
    case = unblockings.perform_elsewhere(case, STATEMENT, option="2", by=officer)
    row = case.unblocking
    assert (case.state, row.desk, row.statement) == (State.PERFORMED, None, STATEMENT)
    assert AuditEvent.objects.get(event="case.perform_elsewhere").facts == {"reason": STATEMENT}


def test_it_is_filed_as_performed_and_kept_from_that_day(officer: User, desk: Desk) -> None:
    case = filings.file(unblocking.performed(officer, desk), by=officer)
    record = Record.objects.get(reference=case.record_reference)
    assert (record.kind, record.state, record.certificates.count()) == ("unblock", "performed", 0)
    today = timezone.localdate()
    assert (record.retention_anchor, record.retention_event) == (Anchor.PERFORMED, today)
    assert [(file.kind, file.copy) for file in record.files.all()] == [("unblock", 1)]


def test_beside_a_case_of_form_1_it_is_linked_and_alone_it_is_not(
    officer: User, desk: Desk
) -> None:
    petar = replace(counter.PETAR, certificate_email="petar@example.rs")
    waiting_case = counter.opened(officer, desk, petar, email_choice="yes")
    beside = unblockings.open_beside(waiting_case, "keep", by=officer)
    alone = counter.opened(officer, desk, **unblocking.asked())
    assert (beside.linked_to, beside.pin_choice, alone.linked_to) == (waiting_case, "keep", None)
    assert found.applicant_of(beside) == counter.PETAR


def test_opened_first_it_is_linked_when_form_1_comes(officer: User, desk: Desk) -> None:
    first = counter.opened(officer, desk, counter.PETAR, **unblocking.asked())
    then = counter.opened(officer, desk, counter.PETAR)
    first.refresh_from_db()
    assert first.linked_to == then


def test_a_person_has_one_open_case_of_each_form(officer: User, desk: Desk) -> None:
    first = unblockings.open_beside(counter.opened(officer, desk), "keep", by=officer)
    with pytest.raises(errors.OpenCaseError):
        unblockings.open_beside(first.linked_to, "change", by=officer)


def test_the_case_of_form_1_goes_on_afterwards(officer: User, desk: Desk) -> None:
    stopped = making.interrupted(officer, desk, "pin-blocked")
    beside = unblockings.open_beside(stopped.application, "change", by=officer)
    beside = signed(beside, officer, desk)
    unblocking.answer(unblocking.order(beside, officer, desk), "pin-unblocked", unblocking.DONE)
    assert issuances.resume(stopped, by=officer).stage == "waiting_card"


def signed(case: Application, officer: User, desk: Desk) -> Application:
    card = counter.card_of(found.applicant_of(case))
    read = counter.reading(desk, officer, case)
    CardReading.objects.filter(pk=read.pk).update(card=card)
    identity_checks.record(case, method="card", document=counter.DOCUMENT, note="", by=officer)
    case.refresh_from_db()
    packets.print_packet(case, by=officer)
    case.refresh_from_db()
    return counter.sign(case, officer)


def test_it_counts_where_cases_wait_and_not_among_the_certificates(
    officer: User, desk: Desk
) -> None:
    unblocking.performed(officer, desk)
    rows = {row.key: row.now for row in waiting.rows(today_of(officer))}
    assert rows["performed"] == 1
    assert not Issuance.objects.exists()


def test_an_interruption_counts_by_its_code(officer: User, desk: Desk) -> None:
    unblocking.fail(unblocking.ordered(officer, desk), "wrong-puk", tries_left=2)
    found = [(row.key, row.times, row.now) for row in endings.rows(today_of(officer))]
    assert found == [("unblocking.interrupt.wrong-puk", 1, 1)]


def test_the_gate_of_form_2_asks_for_no_contract(officer: User, desk: Desk) -> None:
    case = unblocking.signed(officer, desk)
    assert [each.code for each in gate.requirements(case) if each.met] == [
        "request_signed",
        "option_circled",
        "identity_checked",
        "card_matches",
    ]

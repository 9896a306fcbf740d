"""What is left after a destruction, what it spares, and that a kill in the middle loses nothing."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from io import BytesIO

import pytest
from django.db import connection, connections
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from archive import queries, store
from archive.disposal import Item, Obstacle, State
from archive.models import (
    AuditEvent,
    AuditPrivate,
    BookStrike,
    Disposal,
    Record,
    RecordCertificate,
    RecordEvent,
    RecordFile,
)
from archive.queries import disposals as found
from archive.queries import holds
from archive.services import audit, refusals, viewing
from archive.services.disposal import destruction, disposal_refusals, disposals, stubs
from archive.services.disposal.disposals import Decision, Destruction
from archive.services.files import blobs
from archive.services.paper import custody, loans
from tests.archive import cases, disposing, shelves
from tests.archive.disposing import CLERK, HEAD, MEMBER, SECOND, SURNAME
from tests.concurrency.at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    disposing.wait_days(monkeypatch, 0)


def document(made: Disposal, kind: str) -> bytes:
    return store.get(made.documents.get(kind=kind).sha256)


def read(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("no_waiting", "heads_file")
def test_of_a_destroyed_record_its_numbers_stay_and_the_chain_is_whole() -> None:
    row, kept = disposing.record(), disposing.record(surname="Остојић")
    before = sorted(blobs.of_record(row))
    viewing.open_record(row.pk, by=READER)
    made = disposing.brought_to(State.DESTROYED, row)
    row.refresh_from_db()
    assert (row.state, row.destruction_act, row.destroyed_on, row.kind, row.office_code) == (
        *("destroyed", f"1/{timezone.localdate().year}", timezone.localdate()),
        *("issue", "BG-01"),
    )
    assert (row.person, row.jmbg, row.jmbg_token, row.document_number) == (" ", "", "", "")
    assert (row.document_token, row.email, row.signatures, row.sort_key) == ("", "", [], "")
    for table in (RecordFile, RecordCertificate, RecordEvent):
        assert not table.objects.filter(record=row).exists()
        assert table.objects.filter(record=kept).exists()
    assert [sha256 for sha256 in before if store.exists(sha256)] == shared_with(kept, before)
    assert made.items.get().addresses == []
    assert queries.search(queries.SearchQuery(name=SURNAME), limit=9).total == 0
    assert queries.search(queries.SearchQuery(jmbg=cases.JMBG), limit=9).hits[0].record == kept
    assert not AuditPrivate.objects.filter(event__subject=row.file_number).exists()
    audit.sign_head()
    report = audit.verify()
    assert (report.findings, report.erased) == ((), 1)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the blocks are SQLite's")
@pytest.mark.usefixtures("no_waiting")
def test_no_block_of_the_index_tells_of_who_was_destroyed() -> None:
    disposing.record(surname="Остојић")
    row = disposing.record()
    assert (b"gordlj" in blocks(), b"ostoj" in blocks()) == (True, True)
    disposing.brought_to(State.DESTROYED, row)
    assert (b"gordlj" in blocks(), b"ostoj" in blocks()) == (False, True)


def blocks() -> bytes:
    """Return all that the index keeps in the file, beside its rows' own words."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT block FROM archive_search_data UNION ALL SELECT term FROM archive_search_idx"
        )
        return b"|".join(bytes(block) for (block,) in cursor.fetchall())


def shared_with(kept: Record, addresses: list[str]) -> list[str]:
    return sorted(set(addresses) & set(blobs.of_record(kept)))


STAY = {
    *("id", "reference", "case_number", "file_number", "kind", "state", "folder_code", "place"),
    *("office_code", "office_name", "decided_on", "filed_on", "filed_at", "category"),
    *("book_entry", "retention_years", "retention_anchor", "retention_event", "retained_until"),
    *("destroyed_on", "destruction_act"),
}
EMPTIED = {"files", "certificates", "concerned", "evidence", "events", "holds"}
KEPT_WITHOUT_A_PERSON = {"disposals", "custody", "loans"}


def test_whatever_is_added_to_a_record_has_its_place_in_the_stub() -> None:
    columns = {each.name for each in Record._meta.concrete_fields}  # noqa: SLF001 - documented by Django
    assert columns == STAY | stubs.GONE.keys()
    related = {str(each.get_accessor_name()) for each in Record._meta.related_objects}  # noqa: SLF001
    assert related == EMPTIED | KEPT_WITHOUT_A_PERSON


@pytest.mark.usefixtures("no_waiting")
def test_the_papers_of_a_disposal_name_numbers_and_nobody() -> None:
    row, spared = disposing.record(), disposing.record(state="refused", certificates=())
    made = disposing.brought_to(State.COOLING, row, spared)
    disposing.hold(spared)
    disposals.witness(made.pk, disposing.paper(), by=MEMBER)
    disposals.destroy(made.pk, by=SECOND)
    disposing.run(made.pk)
    made.refresh_from_db()
    request, act = read(document(made, "request")), read(document(made, "act"))
    sheet = load_workbook(BytesIO(document(made, "list"))).worksheets[0]
    assert [line[1] for line in sheet.iter_rows(min_row=2, values_only=True)] == [
        row.file_number,
        spared.file_number,
    ]
    for text in (request, act):
        assert row.file_number in text
        assert SURNAME not in text
    assert f"Број: {made.number}" in request
    assert f"број {made.act_number}" in act
    assert "Изузети списи (1)" in act
    assert f"{spared.file_number} забрањено уништење" in act
    assert "Mira, члан комисије Sava, члан комисије" in act
    spared.refresh_from_db()
    assert (spared.surname, spared.files.count()) == (SURNAME, 3)


@pytest.mark.usefixtures("no_waiting")
def test_what_is_held_between_the_second_word_and_its_turn_is_spared() -> None:
    row, other = disposing.record(), disposing.record()
    made = disposing.brought_to(State.DESTROYING, row, other)
    disposing.hold(row)
    disposing.run(made.pk)
    states = dict(made.items.values_list("record", "state"))
    assert states == {row.pk: Item.SPARED, other.pk: Item.DESTROYED}
    assert made.items.get(record=row).obstacle == Obstacle.HELD
    assert Record.objects.get(pk=row.pk).surname == SURNAME
    assert custody.gone(row)  # two members saw the paper go before


@pytest.mark.usefixtures("no_waiting")
def test_held_after_the_paper_is_gone_all_files_stay_and_the_act_says_so() -> None:
    row, lent = disposing.record(), disposing.record()
    made = disposing.brought_to(State.WITNESSED, row, lent)
    loans.lend(lent, shelves.terms(), by=CLERK)
    disposing.hold(row)
    disposals.destroy(made.pk, by=SECOND)
    disposing.run(made.pk)
    made.refresh_from_db()
    assert (made.state, found.counts(made)) == (State.DESTROYED, {Item.SPARED: 2})
    act = read(document(made, "act"))
    assert "Уништени списи (0)" in act
    assert "ништа није уклоњено: сви списи су изузети" in act
    left = "папир је уништен пре тога, електронски запис остаје"
    assert f"{row.file_number} забрањено уништење; {left}" in act
    assert act.count(left) == 1  # what is lent was not there to be destroyed
    for each in (row, lent):
        each.refresh_from_db()
        assert (each.surname, each.files.count()) == (SURNAME, 3)
    assert [custody.gone(each) for each in (row, lent)] == [True, False]
    assert row.paper() == (0, 0)
    assert queries.search(queries.SearchQuery(name=SURNAME), limit=9).total == 2


@pytest.mark.usefixtures("no_waiting")
def test_terms_loans_and_the_book_are_asked_again_at_the_end() -> None:
    counted, forever, loaned, left_out, other = (disposing.record() for _ in range(5))
    made = disposing.brought_to(State.DESTROYING, counted, forever, loaned, left_out, other)
    Record.objects.filter(pk=counted.pk).update(retained_until=timezone.localdate())
    Record.objects.filter(pk=forever.pk).update(retained_until=None)
    loans.lend(loaned, shelves.terms(), by=CLERK)
    Record.objects.filter(pk=left_out.pk).update(book_entry=None)
    disposing.run(made.pk)
    assert dict(made.items.values_list("record", "obstacle")) == {
        counted.pk: Obstacle.KEPT,
        forever.pk: Obstacle.KEPT,
        loaned.pk: Obstacle.ON_LOAN,
        left_out.pk: Obstacle.NOT_ENTERED,
        other.pk: "",
    }


def test_nothing_is_destroyed_before_the_days_are_over() -> None:
    made = disposing.brought_to(State.COOLING)
    with disposing.after(6.9), pytest.raises(disposal_refusals.CoolingError):
        disposals.witness(made.pk, disposing.paper(), by=MEMBER)
    logged = AuditEvent.objects.get(event="disposal.witness.refused")
    assert logged.facts["reason"] == "cooling off"
    with disposing.after(7.01):
        too_early = Destruction(timezone.localdate() - timedelta(days=1), "млевењем")
        with pytest.raises(disposal_refusals.DateError):
            disposals.witness(made.pk, too_early, by=MEMBER)
        disposals.witness(made.pk, disposing.paper(), by=MEMBER)
        with pytest.raises(disposal_refusals.SamePersonError):
            disposals.destroy(made.pk, by=MEMBER)


def test_a_cancelled_disposal_lets_its_records_go() -> None:
    row = disposing.record()
    made = disposing.brought_to(State.COOLING, row)
    disposals.cancel(made.pk, "суд је тражио списе", by=HEAD)
    again = disposing.proposed(row)
    year = timezone.localdate().year
    assert (made.number, again.number) == (f"1/{year}", f"2/{year}")


def test_a_proposal_refuses_what_may_not_be_destroyed_and_names_it() -> None:
    held, kept = disposing.record(), disposing.record(certificates=cases.both(990))
    free, taken = disposing.record(), disposing.record()
    disposing.hold(held)
    disposing.proposed(taken)
    for row, why in ((held, "held"), (kept, "kept"), (taken, "taken")):
        with pytest.raises(disposal_refusals.ObstructedError) as refused:
            disposing.proposed(free, row)
        assert refused.value.facts == {"records": [[row.file_number, why]]}
    with pytest.raises(disposal_refusals.EmptySelectionError):
        disposing.proposed()
    logged = AuditEvent.objects.filter(event="disposal.propose.refused")
    assert [each.facts["reason"] for each in logged] == [*["obstacles"] * 3, "empty selection"]
    assert list(found.expired(timezone.localdate())) == [held, free]


def test_a_review_decides_every_record_with_a_reason() -> None:
    one, two, three = (disposing.record() for _ in range(3))
    made = disposing.proposed(one, two, three)
    items = {each.record_id: each.pk for each in made.items.all()}
    with pytest.raises(refusals.ReasonMissingError):
        disposals.decide(made.pk, {items[one.pk]: Decision(Item.LATER)}, by=MEMBER)
    said = {
        items[one.pk]: Decision(Item.LATER, "тужба"),
        items[two.pk]: Decision(Item.REJECTED, "-"),
    }
    disposals.decide(made.pk, said, by=MEMBER)
    with pytest.raises(disposal_refusals.UndecidedError) as left:
        disposals.conclude(made.pk, by=MEMBER)
    assert left.value.facts == {"left": 1}
    disposals.decide(made.pk, {items[three.pk]: Decision(Item.REJECTED, "-")}, by=SECOND)
    with pytest.raises(disposal_refusals.NothingLeftError):
        disposals.conclude(made.pk, by=MEMBER)
    disposals.decide(made.pk, {items[three.pk]: Decision(Item.ACCEPTED)}, by=SECOND)
    disposals.conclude(made.pk, by=MEMBER)
    assert [each.record for each in found.accepted(made)] == [three]


def test_what_the_public_archive_left_out_stays() -> None:
    one, two = disposing.record(), disposing.record()
    made = disposing.brought_to(State.REQUESTED, one, two)
    today = timezone.localdate()
    without = [f" {one.file_number}\r", ""]
    with pytest.raises(disposal_refusals.ApprovalMissingError):
        disposals.approve(made.pk, " ", today, by=HEAD)
    with pytest.raises(disposal_refusals.DateError):
        disposals.approve(made.pk, "2-05/26", today + timedelta(days=1), by=HEAD)
    with pytest.raises(disposal_refusals.UnknownRecordsError):
        disposals.approve(made.pk, "2-05/26", today, without=["SE-0/1999"], by=HEAD)
    disposals.approve(made.pk, "2-05/26", today, without=without, by=HEAD)
    assert [each.record for each in found.accepted(made)] == [two]
    with pytest.raises(disposal_refusals.WrongNumberError):
        disposals.confirm(made.pk, "2", by=HEAD)


KILLED_AT = {
    "rows erased, files to go": (destruction, "_drop_files"),
    "files gone, addresses to forget": (destruction, "_close"),
    "between two records": (stubs, "erase"),
    "all gone, the act to write": (destruction, "_finish"),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("no_waiting", "heads_file")
@pytest.mark.parametrize("where", KILLED_AT)
def test_a_kill_in_the_middle_is_made_good(where: str) -> None:
    rows = [disposing.record() for _ in range(3)]
    made = disposing.brought_to(State.DESTROYING, *rows)
    gone = {sha256 for row in rows for sha256 in blobs.of_record(row)}
    for _ in range(2):
        killed(lambda: destruction.go_on(made.pk), *KILLED_AT[where])
    made.refresh_from_db()
    assert (made.state, made.documents.filter(kind="act").count()) == (State.DESTROYING, 0)
    assert list(found.waiting()) == [made.pk]
    assert not destruction.go_on(made.pk)
    made.refresh_from_db()
    assert (made.state, found.counts(made)) == (State.DESTROYED, {Item.DESTROYED: 3})
    assert "Уништени списи (3)" in read(document(made, "act"))
    assert AuditEvent.objects.filter(event="record.destroyed").count() == 3
    assert [sha256 for sha256 in gone if store.exists(sha256)] == []
    audit.sign_head()
    assert audit.verify().findings == ()


def killed(act: Callable[[], object], owner: object, name: str) -> None:
    """Let another process act, and kill it where it calls `name` of `owner` the second time."""
    connections.close_all()
    child = os.fork()
    if not child:
        signal.alarm(60)  # rather than hang for ever
        real, calls = getattr(owner, name), iter(range(1 << 30))
        last = 0 if name == "_finish" else 1

        def die(*given: object) -> object:
            if next(calls) == last:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*given)

        setattr(owner, name, die)
        act()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL


READER = disposing.employee("Rada", "archive.view_every_office")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("no_waiting", "heads_file")
def test_two_workers_and_a_late_hold_end_in_one_act() -> None:
    rows = [disposing.record() for _ in range(6)]
    made = disposing.brought_to(State.DESTROYING, *rows)

    def hold_the_last() -> None:
        with suppress(disposal_refusals.DestroyedRecordError):
            disposing.hold(rows[-1])

    work = partial(destruction.go_on, made.pk)
    outcomes = at_once(work, work, hold_the_last)
    assert [each for each in outcomes if isinstance(each, Exception)] == []
    made.refresh_from_db()
    assert (made.state, made.documents.filter(kind="act").count()) == (State.DESTROYED, 1)
    states = dict(made.items.values_list("record", "state"))
    last = Item.SPARED if holds.held([rows[-1].pk]) else Item.DESTROYED
    assert states == {**dict.fromkeys((row.pk for row in rows), Item.DESTROYED), rows[-1].pk: last}
    gone = AuditEvent.objects.filter(event="record.destroyed").count()
    assert gone == BookStrike.objects.count() == found.counts(made)[Item.DESTROYED]
    audit.sign_head()
    assert audit.verify().findings == ()

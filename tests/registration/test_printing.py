"""What is printed again, what keeps its signatures, what counts no more and why."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from archive import store
from archive.models import AuditEvent
from registration import errors
from registration.models import Application, Desk, Packet, Paper, PaperVersion, Signature, User
from registration.queries import gate, papers
from registration.rules.applicant import Applicant
from registration.services import cases, packets
from registration.workflow.states import State
from tests.pages import counter

CHOICES = cases.Choices(
    procedure="issue",
    script="Cyrl",
    email_choice="no",
    contract_requested=True,
    contract_waiver="",
    request_brought=False,
    acknowledged=(),
)


def corrected(case: Application, by: User, **data: str) -> Application:
    """Write other data over those of a case and print what changed by it."""
    cases.correct(case, replace(applicant_of(case), **data), CHOICES, by=by)
    case.refresh_from_db()
    packets.print_packet(case, by=by)
    case.refresh_from_db()
    return case


def applicant_of(case: Application) -> Applicant:
    return Applicant.from_json(case.applicant)


def runs(case: Application) -> list[tuple[str, int, int]]:
    """Return (kind, copy, print run) of the papers that count."""
    return [(each.kind, each.copy, each.packet.run) for each in papers.current(case)]


def words(paper: Paper) -> str:
    document = PdfReader(BytesIO(store.get(paper.sha256)))
    return " ".join(" ".join(page.extract_text() for page in document.pages).split())


def test_a_correction_prints_anew_only_what_says_something_else(officer: User, desk: Desk) -> None:
    case = corrected(counter.signed(officer, desk), officer, phone="011 1")
    assert runs(case) == [
        ("request", 1, 2),
        ("terms", 1, 1),
        ("terms", 2, 1),
        ("contract", 1, 1),
        ("contract", 2, 1),
    ]
    assert case.state == State.PRINTED
    missing = [(each.paper.kind, each.role) for each in papers.missing_signatures(case)]
    assert missing == [("request", "citizen"), ("request", "officer")]
    gone = Paper.objects.exclude(superseded_at=None).get()
    assert (gone.kind, gone.packet.run, gone.superseded_reason) == ("request", 1, "")
    assert "011 1" in words(papers.current(case)[0])
    assert "011 1" not in words(gone)


def test_a_corrected_name_stands_on_all_papers(officer: User, desk: Desk) -> None:
    case = corrected(counter.signed(officer, desk), officer, surname="Петровић Јовановић")
    assert {run for _kind, _copy, run in runs(case)} == {2}
    assert all("Петровић Јовановић" in words(each) for each in papers.current(case))
    assert len(papers.missing_signatures(case)) == 10


def test_a_correction_taken_back_leaves_papers_and_signatures_as_they_are(
    officer: User, desk: Desk
) -> None:
    case = counter.signed(officer, desk)
    cases.correct(case, replace(applicant_of(case), phone="011 1"), CHOICES, by=officer)
    case.refresh_from_db()
    assert papers.current(case) == []
    assert not gate.ready(case)
    cases.correct(case, replace(applicant_of(case), phone=""), CHOICES, by=officer)
    case.refresh_from_db()
    assert packets.print_packet(case, by=officer) is None
    case.refresh_from_db()
    assert case.state == State.SIGNED
    assert {run for _kind, _copy, run in runs(case)} == {1}
    assert gate.ready(case)


def test_a_paper_that_the_case_does_not_need_any_more_counts_no_more(
    officer: User, desk: Desk
) -> None:
    case = counter.signed(officer, desk)
    waived = replace(CHOICES, contract_requested=False, contract_waiver="ne želi ga")
    cases.correct(case, applicant_of(case), waived, by=officer)
    case.refresh_from_db()
    packets.print_packet(case, by=officer)
    case.refresh_from_db()
    assert runs(case) == [("request", 1, 2), ("terms", 1, 1), ("terms", 2, 1)]


def test_ticked_papers_are_printed_again_for_a_reason(officer: User, desk: Desk) -> None:
    case = counter.signed(officer, desk)
    spoilt = papers.current(case)[3]
    packets.reprint(case, [spoilt.pk], "zgužvan papir", by=officer)
    case.refresh_from_db()
    assert case.state == State.PRINTED
    assert [run for _kind, _copy, run in runs(case)] == [1, 1, 1, 2, 1]
    spoilt.refresh_from_db()
    assert spoilt.superseded_reason == "zgužvan papir"
    new = papers.current(case)[3]
    codes = [set(each.pages.values_list("code", flat=True)) for each in (spoilt, new)]
    assert not codes[0] & codes[1]
    hashes = [list(each.pages.values_list("content_hash", flat=True)) for each in (spoilt, new)]
    assert hashes[0] == hashes[1]
    assert AuditEvent.objects.get(event="case.reprint").facts == {
        "run": 2,
        "reason": "zgužvan papir",
    }
    assert len(PdfReader(BytesIO(store.get(Packet.objects.get(run=2).merged))).pages) == len(
        new.pages.all()
    )
    assert Signature.objects.filter(paper__in=papers.current(case)).count() == 7


def test_nothing_ticked_prints_nothing(officer: User, desk: Desk) -> None:
    case = counter.signed(officer, desk)
    with pytest.raises(errors.NothingToPrintError):
        packets.reprint(case, [], "zgužvan papir", by=officer)


def test_a_value_too_long_for_its_line_is_laid_out_anew(officer: User, desk: Desk) -> None:
    street = "Булевар краља Александра и свих оних који су га по њему прозвали у целом граду"
    case = corrected(counter.signed(officer, desk), officer, street=street)
    ways = {each.kind: each.way for each in papers.current(case)}
    assert ways == {"request": "rendered", "terms": "stamped", "contract": "rendered"}
    assert street.rsplit(maxsplit=1)[-1] in words(papers.current(case)[0])


def test_a_page_knows_where_it_is_signed(officer: User, desk: Desk) -> None:
    contract = papers.current(counter.printed(officer, desk))[3]
    zones = [zone for page in contract.pages.all() for zone in page.zones]
    named = [(each["kind"], each["name"]) for each in zones if each["kind"] != "code"]
    assert named == [("signature", "citizen"), ("signature", "officer"), ("seal", "seal")]


def test_a_version_that_is_not_valid_yet_is_not_printed(officer: User, desk: Desk) -> None:
    PaperVersion.objects.filter(kind="terms").update(valid_from=date(2999, 1, 1))
    with pytest.raises(errors.PaperMissingError):
        counter.printed(officer, desk)

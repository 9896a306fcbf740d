"""What is printed again, what keeps its signatures, what counts no more and why."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from archive import store
from archive.models import AuditEvent, Record
from registration import errors
from registration.models import Application, Desk, Packet, Paper, PaperVersion, Signature, User
from registration.queries import gate, papers
from registration.rules.applicant import Applicant
from registration.services import cases, filings, packets, revocations
from registration.workflow.states import State
from tests.pages import counter
from tests.registration import making

CHOICES = counter.chosen()


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
    """Return (kind, copy, print run) of the papers that count and are signed."""
    return [(each.kind, each.copy, each.packet.run) for each in signed(case)]


def signed(case: Application) -> list[Paper]:
    return [each for each in papers.current(case) if each.kind != "reprint"]


def cover(case: Application) -> str:
    """Return what the cover of a reprint says."""
    return words(next(each for each in papers.current(case) if each.kind == "reprint"))


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
    assert "011 1" in words(signed(case)[0])
    assert "011 1" not in words(gone)
    assert "подаци су исправљени" in cover(case)
    assert "Захтев (образац 1), примерак 1" in cover(case)


def test_a_corrected_name_stands_on_all_papers(officer: User, desk: Desk) -> None:
    case = corrected(counter.signed(officer, desk), officer, surname="Петровић Јовановић")
    assert {run for _kind, _copy, run in runs(case)} == {2}
    assert all("Петровић Јовановић" in words(each) for each in signed(case))
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
    new = signed(case)[3]
    assert "згужван папир" not in cover(case)
    assert "zgužvan papir" in cover(case)
    codes = [set(each.pages.values_list("code", flat=True)) for each in (spoilt, new)]
    assert not codes[0] & codes[1]
    hashes = [list(each.pages.values_list("content_hash", flat=True)) for each in (spoilt, new)]
    assert hashes[0] == hashes[1]
    assert AuditEvent.objects.get(event="case.reprint").facts == {
        "run": 2,
        "reason": "zgužvan papir",
    }
    merged = PdfReader(BytesIO(store.get(Packet.objects.get(run=2).merged)))
    assert len(merged.pages) == 1 + new.pages.count()
    assert Signature.objects.filter(paper__in=papers.current(case)).count() == 7


def test_nothing_ticked_prints_nothing(officer: User, desk: Desk) -> None:
    case = counter.signed(officer, desk)
    with pytest.raises(errors.NothingToPrintError):
        packets.reprint(case, [], "zgužvan papir", by=officer)


def test_a_value_too_long_for_its_line_is_laid_out_anew(officer: User, desk: Desk) -> None:
    street = "Булевар краља Александра и свих оних који су га по њему прозвали у целом граду"
    case = corrected(counter.signed(officer, desk), officer, street=street)
    ways = {each.kind: each.way for each in signed(case)}
    assert ways == {"request": "rendered", "terms": "stamped", "contract": "rendered"}
    assert street.rsplit(maxsplit=1)[-1] in words(signed(case)[0])


def test_a_page_knows_where_it_is_signed(officer: User, desk: Desk) -> None:
    contract = papers.current(counter.printed(officer, desk))[3]
    zones = [zone for page in contract.pages.all() for zone in page.zones]
    named = [(each["kind"], each["name"]) for each in zones if each["kind"] != "code"]
    assert named == [("signature", "citizen"), ("signature", "officer"), ("seal", "seal")]


def test_a_version_that_is_not_valid_yet_is_not_printed(officer: User, desk: Desk) -> None:
    PaperVersion.objects.filter(kind="terms").update(valid_from=date(2999, 1, 1))
    with pytest.raises(errors.PaperMissingError):
        counter.printed(officer, desk)


def test_a_receipt_is_signed_with_the_hand_over_and_filed(officer: User, desk: Desk) -> None:
    case = making.confirmed(officer, desk).application
    case.refresh_from_db()
    packets.print_receipt(case, by=officer)
    case.refresh_from_db()
    packets.print_receipt(case, by=officer)  # once more: the first counts no more
    case.refresh_from_db()
    receipt = papers.current(case)[-1]
    assert (receipt.kind, receipt.packet.run) == ("receipt", 3)
    assert papers.missing_signatures(case) == ()
    for each in case.certificates.all():
        until = timezone.localtime(each.not_after)
        assert f"{each.serial} {until:%d.%m.%Y.}" in words(receipt)
    making.hand_over(case, officer)
    assert sorted(receipt.signatures.values_list("role", flat=True)) == ["citizen", "officer"]
    filed = filings.file(case, by=officer)
    record = Record.objects.get(reference=filed.record_reference)
    assert [each.kind for each in record.files.all()][-1] == "receipt"


def test_a_receipt_of_a_recalled_certificate_counts_no_more(officer: User, desk: Desk) -> None:
    issuance = making.confirmed(officer, desk)
    packets.print_receipt(issuance.application, by=officer)
    revocations.recall(issuance.application, "pogrešno ime", by=officer)
    issuance.application.refresh_from_db()
    assert "receipt" not in {each.kind for each in papers.current(issuance.application)}


def test_a_receipt_says_which_certificate_was_not_written(
    officer: User, desk: Desk, one_certificate: None
) -> None:
    case = making.confirmed(officer, desk).application
    case.refresh_from_db()
    packets.print_receipt(case, by=officer)
    said = words(papers.current(case)[-1])
    until = timezone.localtime(case.certificates.get().not_after)
    assert f"{case.certificates.get().serial} {until:%d.%m.%Y.} није уписан" in said


def test_before_the_certificate_there_is_no_receipt(officer: User, desk: Desk) -> None:
    with pytest.raises(errors.NotNowError):
        packets.print_receipt(counter.signed(officer, desk), by=officer)


def test_the_label_of_the_folder_names_file_and_term(officer: User, desk: Desk) -> None:
    case = making.filed(officer, desk)
    text = PdfReader(BytesIO(packets.folder_label(case, by=officer))).pages[0].extract_text()
    record = Record.objects.get(reference=case.record_reference)
    assert case.file_number in text
    assert f"{record.retained_until:%d.%m.%Y.}" in text
    Record.objects.update(retained_until=None)
    text = PdfReader(BytesIO(packets.folder_label(case, by=officer))).pages[0].extract_text()
    assert "трајно" in text
    with pytest.raises(errors.NotNowError):
        packets.folder_label(counter.signed(officer, desk), by=officer)

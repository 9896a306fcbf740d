"""The scan of a paper lies beside it in the record, whichever came first."""

import numpy as np

from archive import store
from archive.models import Record, RecordFile
from registration.models import Desk, Office, PaperScan, Sheet, Stack, User
from registration.services import confirmations, dropping, filings, paper_scans
from tests.registration import dropped, making
from tests.scans import copier
from tests.scans.deciding import came, word


def test_a_scan_after_the_filing(office: Office, officer: User, desk: Desk) -> None:
    _scanned(making.filed(officer, desk), office, officer)
    _require_scan()


def test_a_scan_before_the_filing(office: Office, officer: User, desk: Desk) -> None:
    case = making.handed_over(officer, desk)
    _scanned(case, office, officer)
    filings.file(case, by=officer)
    _require_scan()


def _scanned(case: object, office: Office, officer: User) -> None:
    page = copier.pages(case)[0]
    sheet = came(np.random.default_rng(5), page, office)
    confirmations.confirm(page.paper, [sheet.pk], word(officer, sheet))
    assert paper_scans.keep(page.paper_id) == paper_scans.keep(page.paper_id)


def _require_scan() -> None:
    scan = Record.objects.get().files.get(edition=RecordFile.Edition.SCANNED)
    assert (scan.kind, scan.copy, scan.pages, scan.origins.count()) == ("request", 1, 1, 1)
    origin, sheet = scan.origins.get(), Sheet.objects.get(state=Sheet.State.CONFIRMED)
    assert (origin.picture, origin.stack) == (sheet.original, sheet.stack.sha256)


def test_a_scan_after_the_counter_forgot_the_person(
    office: Office, officer: User, desk: Desk
) -> None:
    case = dropped.drop(dropped.filed(officer, desk))
    _scanned(case, office, officer)
    _require_scan()
    Stack.objects.update(state=Stack.State.CLOSED)  # its other pages are decided too
    assert dropping.begin(dropped.later(0)) == [case.pk]
    dropped.drop(case)
    assert (Sheet.objects.get().original, PaperScan.objects.get().sha256) == ("", "")
    assert dropping.begin(dropped.later(0)) == []
    scan = Record.objects.get().files.get(edition=RecordFile.Edition.SCANNED)
    assert store.get(scan.sha256).startswith(b"%PDF")

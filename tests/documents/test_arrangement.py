"""The order in which pages leave the printer."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from registration.documents import arrangement, packet, stamping
from registration.documents.arrangement import Sheets
from tests.documents.case import CASE, PRESS, WANTED
from tests.documents.pictures import pictures
from tests.documents.verapdf import findings

PAPERS = [Sheets(1, 1), Sheets(1, 3), Sheets(2, 3), Sheets(1, 2), Sheets(2, 2)]


@pytest.mark.parametrize(
    ("by_copies", "duplex", "expected"),
    [
        (False, False, [*range(11)]),
        (True, False, [0, 1, 2, 3, 7, 8, 4, 5, 6, 9, 10]),
        (False, True, [0, None, 1, 2, 3, None, 4, 5, 6, None, 7, 8, 9, 10]),
        (True, True, [0, None, 1, 2, 3, None, 7, 8, 4, 5, 6, None, 9, 10]),
    ],
)
def test_pages_come_as_the_printer_wants_them(
    *, by_copies: bool, duplex: bool, expected: list[int | None]
) -> None:
    assert arrangement.order(PAPERS, by_copies=by_copies, duplex=duplex) == expected


def test_the_last_sheet_is_not_followed_by_an_empty_page() -> None:
    assert arrangement.order([Sheets(1, 1)], by_copies=False, duplex=True) == [0]


def test_an_arranged_file_holds_the_same_pages_and_keeps_to_pdf_a() -> None:
    made = packet.make(CASE, WANTED, PRESS).pdf
    pdf = stamping.arranged(made, [1, None, 0, 2])
    before, after = pictures(made), pictures(pdf)
    assert [after[0], after[2], after[3]] == [before[1], before[0], before[2]]
    assert after[1].getextrema() == (255, 255)
    assert findings(pdf, "2b") == ()


def test_a_single_sheet_is_that_page_alone() -> None:
    made = packet.make(CASE, WANTED, PRESS).papers[1].pdf
    sheet = stamping.single(made, 2)
    assert pictures(sheet) == [pictures(made)[1]]
    assert len(PdfReader(BytesIO(sheet)).pages) == 1
    assert findings(sheet, "2b") == ()

"""The revers: what a borrower signs, in two copies on one sheet."""

from django.template.loader import render_to_string
from django.utils import translation

from archive import printing, symbols
from archive.models import Loan, RecordFile

_COPIES = ("примерак 1 — остаје у архиви", "примерак 2 — за примаоца")


def pdf(loan: Loan) -> bytes:
    """Return the revers (PDF/A-2b), in Serbian Cyrillic; its code is the folder's."""
    record = loan.record
    kept = record.files.filter(retained=True, edition=RecordFile.Edition.PRINTED)
    papers = [
        each for each in kept if loan.whole or (each.kind, each.copy) == (loan.kind, loan.copy)
    ]
    shown = {
        "loan": loan,
        "record": record,
        "papers": papers,
        "pages": sum(each.pages for each in papers),
        "symbol": symbols.picture(record.folder_code),
        "copies": _COPIES,
    }
    with translation.override("sr"):
        return printing.lasting(render_to_string("archive/print/revers.html", shown))

"""What was filed before there were categories: it finds its category, entry and certificates."""

import pytest

from archive.filing import FiledLife
from archive.models import BookEntry, CertificateConcerned, Record
from archive.services import audit, records
from tests.archive import cases
from tests.archive.conftest import Officer
from tests.archive.migrating import latest, migrate, to_the_latest

__all__ = ["latest"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.usefixtures("latest")
def test_records_find_their_category_entry_and_certificate(officer: Officer) -> None:
    issued = cases.filing(certificates=(cases.certificate(0xA1),))
    made = issued.certificates[0]
    about = (FiledLife(made.valid_until, None, "a1", made.issuer),)
    change = cases.filing(kind="status", state="performed", about=about, certificates=())
    other = cases.filing(kind="unblock", state="performed", office_code="NS-02", certificates=())
    for each in (issued, cases.filing(), change, other):
        records.file(each, by=officer)
    with audit.transaction():  # as the counter writes it
        facts = {"serial": "a1", "reason": "superseded", "case": change.case_number}
        audit.append("certificate.suspend", subject=issued.case_number, by=None, facts=facts)
    before = kept()
    migrate("0016_custody")
    to_the_latest()
    assert kept() == before
    entries = BookEntry.objects.order_by("book", "category__position")
    told = entries.values_list("book__office_code", "category__mark", "year", "pieces", "number")
    assert list(told) == [
        ("BG-01", "КЕС-1", 2026, 2, None),
        ("BG-01", "КЕС-3", 2026, 1, None),
        ("NS-02", "КЕС-2", 2026, 1, None),
    ]
    concerned = CertificateConcerned.objects.get()
    assert (concerned.record.reference, concerned.serial) == (change.reference, "a1")
    assert (concerned.issuer, concerned.valid_until) == (made.issuer, made.valid_until)


def kept() -> list[object]:
    rows = Record.objects.order_by("reference").only("reference")
    names = ("reference", "category__mark", "category__list__number", "retained_until")
    return list(rows.values_list(*names, "book_entry__category__mark", "book_entry__year"))

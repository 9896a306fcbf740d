"""An archive that is taken along, made once for all the stories about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.archive import installation
from tests.archive.installation import Installation

FILL = """
from datetime import timedelta
from archive import store
from archive.filing import FiledScan, FiledSeal
from archive.models import (
    Disposal, DisposalDocument, DisposalItem, Hold, HoldReview, Place, Record
)
from archive.queries import SearchQuery
from archive.services import numbering, records, scans, seals, viewing
from tests.archive import cases
from tests.archive.conftest import Officer

by = Officer()
names = [("Петровић", "Ана"), ("Ђорђевић", "Ђура"), ("Čolaković", "Žarko"), ("Обрадовић", "Љиљана")]
filed = [
    records.file(cases.filing(*names[n %% 4], file_number=f"{n}/2026"), by=by)
    for n in range(1, %d)
]
strange = records.file(cases.filing("Илић", "Вук", file_number="СЕ-7/2026"), by=by)
first = filed[0]
paper = first.files.get(kind="request")
pictures = tuple(
    {"picture": store.put(b"P%%d" %% n), "media": "image/png", "stack": "0" * 64, "number": n}
    for n in (1, 2)
)
scan = FiledScan("request", 1, paper.sha256, store.put(b"%%PDF scan"), 9, 2, pictures)
scans.keep(first.reference, scan, by=by)
seal = FiledSeal("terms", 1, first.files.get(kind="terms", copy=1).sha256, store.put(b"%%PDF seal"),
                 9, "МУП", cases.START, "B-LTA")
seals.keep(first.reference, seal, by=by)
end = cases.START + timedelta(days=100)
records.certificate_ended(first, first.certificates.first().serial, end, "superseded", by=by)
viewing.note_search(SearchQuery(name="Петровић"), by=by)
numbering.file_number(2026)
late = Place.objects.create(kind="room", code="R2", name="Соба 2")
shelf = Place.objects.create(kind="shelf", code="S1", name="Полица", parent=late)
early = Place.objects.create(kind="room", code="R3", name="Соба 3")
Place.objects.filter(pk=shelf.pk).update(parent=early)  # which comes after it
Record.objects.filter(pk=first.pk).update(place=shelf)
day = first.decided_on
hold = Hold.objects.create(ordered_by="Суд", document_number="1", document_on=day, reason="К 1/26",
                           set_at=end, review_on=day)
hold.records.add(first, strange)
HoldReview.objects.create(hold=hold, at=end, by="x", by_name="X", note="још", review_on=day)
going = Disposal.objects.create(number="1/2042", state="proposed")
DisposalItem.objects.create(disposal=going, record=filed[1], outcome="issued")
DisposalDocument.objects.create(disposal=going, kind="request", sha256=store.put(b"%%PDF request"),
                                size=13, media_type="application/pdf", made_at=end)
"""


@dataclass(frozen=True)
class Taken:
    """An installation and the bag with all that is in it."""

    home: Installation
    bag: Path


@pytest.fixture(scope="session")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Taken]:
    folder = tmp_path_factory.mktemp("moving")
    with installation.made(folder / "home") as home:
        home.run(FILL % 30)
        home.does("export_archive", folder / "bag", "--all", "--reason", "Сели се")
        yield Taken(home, folder / "bag")


@pytest.fixture
def away(tmp_path: Path) -> Iterator[Installation]:
    """An installation with empty tables."""
    with installation.made(tmp_path / "away") as made:
        yield made

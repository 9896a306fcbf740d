"""An office brings its files of before: a list and a folder of scans become records."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from archive import queries, store
from archive.models import AuditEvent, Record
from archive.services import numbering, records
from tests.archive import cases
from tests.archive.conftest import Officer
from tests.archive.legacy import office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("heads_file")]

ASSUMED = "no end of its certificate is named: kept as if it had been the latest possible"
NO_JMBG = "a JMBG has 13 digits (a spreadsheet may have dropped a zero at its beginning)"
NEEDED = "file_number, surname, given_name, decided_on, office_code"
SECOND = "18/2016;Ilić;Vuk;;;2016-05-04;071;;18.jpg"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return office.scans(tmp_path / "scans")


class Said:
    """What the command says, and whether it refused."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def of(self, *words: object, **options: object) -> tuple[list[str], list[str]]:
        """Return what it writes, and what it complains of with the refusal at its end."""
        refusal = []
        try:
            call_command("import_legacy", *map(str, words), **options)
        except CommandError as error:
            refusal = [str(error)]
        out, err = self.capsys.readouterr()
        return out.splitlines(), [*err.splitlines(), *refusal]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    return Said(capsys)


def test_a_list_and_its_scans_become_records(tmp_path: Path, folder: Path, said: Said) -> None:
    listed = office.sheet(tmp_path / "stari.csv", office.FIRST, SECOND)
    out, err = said.of(listed, "--scans", folder)
    assert err == []
    assert out == [
        "read as utf-8-sig with semicolons: 2 rows",
        f"line 3, valid_until: {ASSUMED}",
        "line 3, jmbg: without a JMBG the record is found by its name and numbers only",
        "2 records are new, 0 are there already",
        "Nothing was written. With --write the records are made.",
    ]
    assert not Record.objects.exists()
    assert said.of(listed, "--scans", folder, "--write")[0][-1] == "2 records were made"
    first, second = Record.objects.order_by("pk")
    assert [(each.pages, each.media_type) for each in first.files.all()] == [
        (3, "application/pdf"),
        (2, "image/tiff"),
    ]
    kept = first.files.first()
    assert kept
    assert store.get(kept.sha256) == (folder / "17.pdf").read_bytes()
    assert (first.decided_on, first.retained_until) == (date(2015, 3, 2), date(2030, 12, 31))
    assert (second.retention_event, second.retained_until) == (date(2021, 5, 4), date(2031, 12, 31))
    told = first.events.get(kind="case")
    assert told.text == "Донето са списка stari.csv, ред 2"
    found = queries.search(queries.SearchQuery(box="djordjevic"), limit=5)
    assert [hit.record for hit in found.hits] == [first]
    assert AuditEvent.objects.get(event="archive.list_imported").facts["new"] == 2


def test_the_same_list_again_makes_nothing_twice(tmp_path: Path, folder: Path, said: Said) -> None:
    listed = office.sheet(tmp_path / "list.csv", office.FIRST, office.FIRST)
    for made in ("1 records were made", "0 records were made"):
        out, err = said.of(listed, "--scans", folder, "--write")
        assert (out[-1], err) == (made, [])
    changed = office.sheet(tmp_path / "new.csv", office.FIRST.replace("Ђура", "Петар"), SECOND)
    out, err = said.of(changed, "--scans", folder, "--write")
    differs = "the record is there already and says something else; it is not changed"
    assert f"line 2, file_number: {differs}" in out
    assert out[-1] == "1 records were made"
    assert sorted(Record.objects.values_list("given_name", flat=True)) == ["Vuk", "Ђура"]


@pytest.mark.parametrize(
    ("encoding", "header", "row"),
    [
        ("utf-8", office.HEADER, office.FIRST),
        ("cp1251", office.HEADER, office.FIRST),
        ("cp1250", office.LATIN, office.LATIN_FIRST),
        ("utf-16", office.HEADER, office.FIRST),
        ("utf-8", office.HEADER.replace(";", ","), office.FIRST.replace(";", ",")),
        ("cp1250", office.LATIN.replace(";", "\t"), office.LATIN_FIRST.replace(";", "\t")),
    ],
)
def test_whatever_letters_and_separators_it_has(
    tmp_path: Path, folder: Path, said: Said, encoding: str, header: str, row: str
) -> None:
    listed = office.sheet(tmp_path / "list.csv", row, encoding=encoding, header=header)
    out, err = said.of(listed, "--scans", folder, "--write")
    assert (out[0].split()[2], err) == (encoding, [])
    assert Record.objects.get().person == " ".join(
        row.replace("\t", ";").replace(",", ";").split(";")[1:3]
    )


def test_every_fault_is_named_with_its_line_and_column(
    tmp_path: Path, folder: Path, said: Said, officer: Officer
) -> None:
    records.file(cases.filing(file_number="99/2015"), by=officer)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing follows")
    (folder / "text.tif").write_bytes(b"hello")
    (tmp_path / "secret.pdf").write_bytes(office.pdf(1))
    listed = office.sheet(
        tmp_path / "list.csv",
        "1/2015;;Ана;101990610020;1;31.2.2015.;071;;17.pdf",
        "2/2015;А;Б;0101990610021;;1.1.2099.;071;03/04/2020;gone.pdf|../secret.pdf",
        "3/2015;А;Б;;;1.1.2015.;071;1.1.2020.;broken.pdf|text.tif",
        "3/2015;А;В;;;1.1.2015.;071;1.1.2020.;",
        "99/2015;А;Б;;;1.1.2015.;071;1.1.2020.;;;x",
        office.FIRST,
    )
    out, err = said.of(listed, "--scans", folder)
    assert err == [
        "line 2, surname: must be filled in",
        "line 2, decided_on: not a day as 2.3.2015. or 2015-03-02",
        f"line 2, jmbg: {NO_JMBG}",
        "line 3, decided_on: lies in the future",
        "line 3, valid_until: not a day as 2.3.2015. or 2015-03-02",
        "line 3, scans: gone.pdf: is not in the folder of scans",
        "line 3, scans: ../secret.pdf: lies outside of the folder of scans",
        "line 4, scans: broken.pdf: cannot be read; scan it again",
        "line 4, scans: text.tif: is no PDF, TIFF or JPEG",
        "line 5, file_number: line 4 has the same number and says something else",
        "line 6: the line has more cells than there are columns: a separator inside of a text?",
        "line 6, file_number: another record has this number",
        "12 faults: correct them and come again",
    ]
    assert "line 3, jmbg: the check digit does not fit: compare it with the paper" in out
    assert "no row names the file 18.jpg" in out
    assert said.of(listed, "--scans", folder, "--write")[1][-1].startswith("12 faults")
    assert Record.objects.count() == 1
    out, _err = said.of(listed, "--scans", folder, "--write", "--leave-out-faulty")
    assert out[-1] == "1 records were made"


def test_certificates_are_read_from_their_own_bytes(
    tmp_path: Path, folder: Path, said: Said
) -> None:
    (folder / "17.cer").write_bytes(cases.certificate(0x1700).der)
    listed = office.sheet(
        tmp_path / "list.csv",
        f"{office.FIRST};17.cer",
        header=f"{office.HEADER};Сертификати",
    )
    assert said.of(listed, "--scans", folder, "--write")[0][-1] == "1 records were made"
    record = Record.objects.get()
    assert [each.serial for each in record.certificates.all()] == ["1700"]
    assert record.retained_until == date(2041, 12, 31)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK\x03\x04", "this is a spreadsheet: save it as CSV, then come again"),
        (
            b"Prezime;Ime\r\n",
            "the first line must name these columns too: file_number, decided_on, office_code",
        ),
        (
            "Број списа;Презиме;Презиме;Име;Датум;Станица".encode(),
            "the first line names a column twice: surname",
        ),
        (f'{office.HEADER}\r\n1/1;"a'.encode(), "line 2: a quotation mark is not closed"),
        (b"", f"the first line must name these columns too: {NEEDED}"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused(tmp_path: Path, said: Said, data: bytes, sentence: str) -> None:
    (tmp_path / "list.csv").write_bytes(data)
    assert said.of(tmp_path / "list.csv")[1] == [sentence]


def test_the_template_is_a_list_that_can_be_brought_in(
    tmp_path: Path, folder: Path, said: Said
) -> None:
    path = tmp_path / "template.csv"
    assert said.of(path, "--template")[1] == []
    (folder / "17-2015.pdf").write_bytes(office.pdf(1))
    (folder / "17-2015.cer").write_bytes(cases.certificate(0x1701).der)
    assert said.of(path, "--scans", folder, "--write")[0][-1] == "1 records were made"


def test_numbers_go_on_behind_those_that_were_brought(
    tmp_path: Path, folder: Path, said: Said
) -> None:
    row = "41/2026;Ilić;Vuk;;;2026-05-04;071;;18.jpg"
    listed = office.sheet(tmp_path / "stari.csv", row)
    said.of(listed, "--scans", folder, "--write")
    assert Record.objects.get().file_number == "41/2026"
    assert numbering.file_number(2026) == "42/2026"
    assert numbering.case_number(2026) == "260000001"


def test_kind_and_outcome_have_a_place_in_the_list_or_are_a_fault(
    tmp_path: Path, folder: Path, said: Said
) -> None:
    head = "file_number;surname;given_name;decided_on;office_code;kind;outcome"
    rows = (
        "1/2015;Ilić;Vuk;4.5.2015;071;деблокада;",
        "2/2015;Ilić;Vuk;4.5.2015;071;деблокада;издат",
    )
    listed = tmp_path / "stari.csv"
    listed.write_text("\n".join((head, *rows)), "utf-8")
    _out, err = said.of(listed, "--write")
    (fault,) = [line for line in err if "outcome" in line]
    assert fault.startswith("line 3, outcome: the list of categories has no place for this kind")
    said.of(listed, "--write", "--leave-out-faulty")
    assert Record.objects.get().state == "performed"

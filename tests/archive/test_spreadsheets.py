"""Lists as files: text stays text."""

import csv
from io import StringIO

import pytest

from archive import spreadsheets


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+381 64", "'+381 64"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        (" \t=1+1", "' \t=1+1"),
        ("\n=1+1", "'\n=1+1"),
        ("\t1", "'\t1"),
        ("＝1+1", "'＝1+1"),
        ("Ана-Марија", "Ана-Марија"),
    ],
)
def test_no_text_is_computed_by_a_spreadsheet(text: str, written: str) -> None:
    made = b"".join(spreadsheets.as_csv(["Текст"], [[text]])).decode("utf-8-sig")
    assert list(csv.reader(StringIO(made), delimiter=";")) == [["Текст"], [written]]

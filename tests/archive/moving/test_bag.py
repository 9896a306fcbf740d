"""A bag of records is opened by programs and people that know nothing of us."""

import csv
import re
import stat
import subprocess
from pathlib import Path

import bagit
import pytest
from cryptography import x509
from django.db import connection

from tests.archive import cases
from tests.archive.moving.conftest import Taken

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor == "postgresql", reason="asks the database nothing"),
]


def test_others_find_it_whole(taken: Taken) -> None:
    bagit.Bag(str(taken.bag)).validate()
    tag, payload = "tagmanifest-sha256.txt", "manifest-sha256.txt"
    sums = ["sha256sum", "--strict", "--quiet", "-c", tag, payload]
    key = ["-pubin", "-inkey", taken.home.key, "-rawin", "-in", tag, "-sigfile", "signature.bin"]
    for command in (sums, ["openssl", "pkeyutl", "-verify", *key]):
        subprocess.run(command, cwd=taken.bag, check=True, capture_output=True)


def test_it_is_for_its_owner_alone(taken: Taken) -> None:
    assert stat.S_IMODE(taken.bag.stat().st_mode) == 0o700


def test_papers_lie_in_the_records_folder_as_they_were_kept(taken: Taken) -> None:
    folder = taken.bag / "data" / "records" / "1_2026"
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*")) == [
        "certificates/authentication-5e00bb0001.cer",
        "certificates/authentication-5e00bb0001.pem",
        "certificates/signing-4f00aa0001.cer",
        "certificates/signing-4f00aa0001.pem",
        "papers/01-request-1-scanned-picture-2.png",
        "papers/01-request-1-scanned-picture.png",
        "papers/01-request-1-scanned.pdf",
        "papers/01-request-1.pdf",
        "papers/02-terms-1-sealed.pdf",
        "papers/02-terms-1.pdf",
        "papers/03-terms-2.pdf",
        "record.html",
        "record.json",
    ]
    assert (folder / "papers/01-request-1.pdf").read_bytes() == b"%PDF-1.7 request 1"
    assert (folder / "papers/01-request-1-scanned-picture-2.png").read_bytes() == b"P2"
    der = (folder / "certificates/signing-4f00aa0001.cer").read_bytes()
    pem = (folder / "certificates/signing-4f00aa0001.pem").read_bytes()
    assert x509.load_pem_x509_certificate(pem) == x509.load_der_x509_certificate(der)


def test_a_person_opens_it_without_us(taken: Taken) -> None:
    """Every link leads to a file of the bag, from the index to each paper; nothing is fetched."""
    seen: set[Path] = set()
    waiting = [taken.bag / "data" / "index.html"]
    while waiting:
        page = waiting.pop()
        seen.add(page)
        links = re.findall(r'(?:href|src)="([^"]+)"', page.read_text())
        linked = {(page.parent / link).resolve() for link in links}
        assert [path for path in linked if not path.is_file()] == []
        waiting += [path for path in linked - seen if path.suffix == ".html"]
    assert len([path for path in seen if path.name == "record.html"]) == 30


def test_the_page_of_a_record_says_what_the_record_says(taken: Taken) -> None:
    page = (taken.bag / "data/records/1_2026/record.html").read_text()
    said = [cases.JMBG, "Ђорђевић Ђура", "Ђура Ђорђевић", "4f00aa0001", "superseded", "корисник"]
    assert [word for word in said if word not in page] == []


def test_nobody_is_named_by_a_file(taken: Taken) -> None:
    names = " ".join(path.relative_to(taken.bag).as_posix() for path in taken.bag.rglob("*"))
    assert names.isascii()
    assert cases.JMBG not in names
    folder = {path.name for path in (taken.bag / "data/records").iterdir()}
    assert {"29_2026", "7-2026~30"} <= folder  # СЕ-7/2026 is not written in ASCII
    assert len(folder) == 30


def test_the_list_has_a_line_for_each_record_in_the_order_of_the_alphabet(taken: Taken) -> None:
    with (taken.bag / "data/records.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert rows[0][0] == "Број списа"
    surnames = [row[7] for row in rows[1:]]
    alphabet = ["Čolaković", "Ђорђевић", "Илић", "Обрадовић", "Петровић"]
    assert list(dict.fromkeys(surnames)) == alphabet

"""Papers in the page and on their way out: in pieces, in ranges, each look on record."""

import io
import os
import tracemalloc
from pathlib import Path

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageStat

from archive import pictures, store
from archive.filing import FiledPaper
from archive.models import AuditEvent, Record
from archive.services import records
from archive.store import sealed
from archive.store.sealing import PIECE
from tests.archive import cases
from tests.archive.conftest import Officer
from tests.people import logged_in, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]


@pytest.fixture
def clerk() -> Client:
    return logged_in(person("ruza", None, "view_record", "view_recordfile", "view_every_office"))


def scan(pages: int, ballast: int = 0) -> bytes:
    """Make a PDF whose last page alone is dark, with a stream between that nobody needs."""
    pdf, out = pikepdf.new(), io.BytesIO()
    for number in range(pages):
        sheet = pdf.add_blank_page(page_size=(595, 842))
        if number == pages - 1:
            sheet.contents_add(b"0 0 595 842 re f")
    pdf.Root.Ballast = pikepdf.Stream(pdf, os.urandom(ballast))
    pdf.save(out)
    return out.getvalue()


def filed(officer: Officer, data: bytes, pages: int = 3) -> Record:
    paper = FiledPaper("request", 1, "Захтев", store.put(data), len(data), pages)
    return records.file(cases.filing(papers=(paper,)), by=officer)


def address(record: Record, name: str = "paper", *more: int) -> str:
    return reverse(f"archive:{name}", args=[record.pk, record.files.get().pk, *more])


def darkness(jpeg: bytes) -> float:
    picture = Image.open(io.BytesIO(jpeg)).convert("L")
    assert picture.width == pictures.WIDTH
    return 255 - ImageStat.Stat(picture).mean[0]


def test_pages_are_shown_one_by_one_and_each_look_is_on_record(
    clerk: Client, officer: Officer
) -> None:
    record = filed(officer, scan(3))
    shown = clerk.get(address(record, "viewer", 2)).content.decode()
    assert address(record, "picture", 2) in shown
    assert address(record, "viewer", 1) in shown
    assert address(record, "viewer", 3) in shown
    pictured = [clerk.get(address(record, "picture", page)).content for page in (1, 2, 3)]
    assert [darkness(each) > 200 for each in pictured] == [False, False, True]
    looks = AuditEvent.objects.filter(event="viewed", facts__what="file").order_by("pk")
    assert [each.facts["page"] for each in looks] == [1, 2, 3]
    for page in (0, 4):
        assert clerk.get(address(record, "viewer", page)).status_code == 404


def test_the_viewer_comes_alone_where_the_page_is_there(clerk: Client, officer: Officer) -> None:
    record = filed(officer, scan(3))
    part = clerk.get(address(record, "viewer", 1), headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert b"<html" in clerk.get(address(record, "viewer", 1)).content


def test_who_may_not_take_papers_sees_no_page_of_them(officer: Officer) -> None:
    record = filed(officer, scan(1), 1)
    manager = logged_in(person("mira", None, "view_record", "view_every_office"))
    foreign = logged_in(person("vera", "NS-01", "view_record", "view_recordfile"))
    for name in ("viewer", "picture"):
        assert manager.get(address(record, name, 1)).status_code == 403
        assert foreign.get(address(record, name, 1)).status_code == 404


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-", (0, None)),
        ("bytes=0-99", (0, 100)),
        (f"bytes={PIECE - 3}-{PIECE + 3}", (PIECE - 3, PIECE + 4)),
        ("bytes=-7", (-7, None)),
        ("bytes=10-99999999", (10, None)),
    ],
)
def test_a_part_of_a_file_is_sent_as_it_was_asked_for(
    clerk: Client, officer: Officer, asked: str, part: tuple[int, int | None]
) -> None:
    data = scan(1, 2 * PIECE)
    record = filed(officer, data)
    answer = clerk.get(address(record), headers={"Range": asked})
    body = b"".join(answer.streaming_content)
    assert answer.status_code == 206
    assert body == data[part[0] : part[1]]
    start = data.index(body) if part[0] else 0
    assert answer["Content-Range"] == f"bytes {start}-{start + len(body) - 1}/{len(data)}"
    assert int(answer["Content-Length"]) == len(body)
    assert AuditEvent.objects.get(facts__what="file").facts["bytes"] == [start, start + len(body)]


def test_what_is_no_range_brings_all_and_what_lies_outside_nothing(
    clerk: Client, officer: Officer
) -> None:
    data = scan(1)
    record = filed(officer, data)
    for asked in ("", "bytes=", "bytes=0-1,4-5", "lines=1-2", "bytes=b-c"):
        answer = clerk.get(address(record), headers={"Range": asked})
        assert (answer.status_code, b"".join(answer.streaming_content)) == (200, data)
    for asked in (f"bytes={len(data)}-", "bytes=9-3", "bytes=-0"):
        answer = clerk.get(address(record), headers={"Range": asked})
        assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(data)}")


def test_a_large_scan_is_shown_and_sent_through_little_memory(
    clerk: Client, officer: Officer
) -> None:
    record = filed(officer, scan(3, 48 * 1024 * 1024))
    tracemalloc.start()
    try:
        opened = store.opened(record.files.get().sha256)
        assert darkness(pictures.page(opened, 3)) > 200
        sent = clerk.get(address(record)).streaming_content
        assert sum(len(piece) for piece in sent) == opened.size
        assert tracemalloc.get_traced_memory()[1] < 16 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_a_damaged_paper_is_told_and_never_half_shown(
    clerk: Client, officer: Officer, folder: Path
) -> None:
    record = filed(officer, scan(3))
    path = folder / sealed.path(record.files.get().sha256)
    path.write_bytes(path.read_bytes()[:-1])
    assert clerk.get(address(record, "picture", 1)).status_code == 410
    told = clerk.get(address(record), follow=True)
    assert "overa-" in told.content.decode()
    assert told.redirect_chain[-1][0] == reverse("archive:record", args=[record.pk])


def test_what_is_no_pdf_is_told(clerk: Client, officer: Officer) -> None:
    record = filed(officer, b"no PDF at all")
    assert clerk.get(address(record, "picture", 1)).status_code == 410

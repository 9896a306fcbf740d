"""Files that come in: read whatever happens to the worker, refused with a sentence, never lost."""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from kombu.exceptions import OperationalError

from archive import spool
from archive.models import AuditEvent
from registration import errors, tasks
from registration.models import Application, Office, Sheet, Stack, User
from registration.services import packets, stack_reading, stacks, watching
from tests.intake import files
from tests.pages.page import Page as Shown
from tests.scans import copier

State = Sheet.State
WHITE = np.full((20, 20), 255, np.uint8)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(11)


@pytest.fixture
def first(case: Application, rng: np.random.Generator) -> bytes:
    """Return the scan of the case's request: one page."""
    return copier.scanned(rng, copier.filled(rng, copier.pages(case)[0]))


def test_a_mixed_file_is_named_page_by_page(
    case: Application, office: Office, first: bytes, rng: np.random.Generator
) -> None:
    pages = copier.pages(case)
    other = copier.scanned(rng, copier.filled(rng, pages[1]))
    back = files.encoded(files.blank(rng, 150), "JPEG", 150)
    stack = copier.take_in(files.pdf([first, back, other, b"".join([other[:900]])]), office)
    found = {each.number: (each.state, each.page) for each in stack.sheets.all()}
    assert found[1] == (State.NAMED, pages[0])
    assert found[2] == (State.BLANK, None)
    assert found[3] == (State.NAMED, pages[1])
    assert found[4] == (State.FAILED, None)  # its own failure: the others are not touched
    assert stack.state == Stack.State.READ


def test_a_page_of_an_earlier_print_run_does_not_count(
    case: Application, office: Office, officer: User, first: bytes
) -> None:
    packets.reprint(case, [copier.pages(case)[0].paper_id], "Спала мастило", by=officer)
    sheet = copier.take_in(files.pdf([first]), office).sheets.get()
    assert (sheet.state, sheet.reason) == (State.REFUSED, "superseded")
    assert sheet.facts["why"] == "Спала мастило"


def test_a_page_of_another_office_is_foreign(first: bytes) -> None:
    elsewhere = Office.objects.create(code="099", name="PS Zemun", place="Zemun")
    sheet = copier.take_in(files.pdf([first]), elsewhere).sheets.get()
    assert (sheet.state, sheet.reason, sheet.page) == (State.REFUSED, "foreign", None)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"MZ this is a program", "format"),
        (files.pdf([files.encoded(WHITE, "JPEG")], password="x"), "encrypted"),
        (files.empty_pdf()[:200], "broken"),
        (b"", "broken"),
    ],
)
def test_a_file_that_cannot_be_read_is_kept_until_somebody_saw_why(
    data: bytes,
    code: str,
    office: Office,
    client: Client,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    stack = copier.take_in(data, office)
    assert (stack.state, stack.failure) == (Stack.State.REFUSED, code)
    page = Shown.get(client, f"/scans/{stack.pk}/")
    assert page.text("//*[@id='failure']/p")
    with spool.opened(stack.spooled) as path:
        assert path.read_bytes() == data
    given_back = client.get(f"/scans/{stack.pk}/file/")
    assert b"".join(given_back.streaming_content) == data
    assert "scan.pdf" in given_back["Content-Disposition"]
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/scans/{stack.pk}/discard/")
    with pytest.raises(spool.SpooledFileMissingError), spool.opened(stack.spooled):
        pass
    assert AuditEvent.objects.filter(event="stack.discard", subject=str(stack.pk)).exists()


def test_the_same_file_is_not_taken_in_twice(
    office: Office, first: bytes, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    stacks.receive("a.pdf", [first], office, by=None)
    before = set(spool._folder().iterdir())  # noqa: SLF001 - nothing of it may stay
    with pytest.raises(errors.StackReceivedError), django_capture_on_commit_callbacks(execute=True):
        stacks.receive("b.pdf", [first], office, by=None)
    assert set(spool._folder().iterdir()) == before  # noqa: SLF001


def test_what_a_killed_worker_left_is_read_by_the_next(
    office: Office, first: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = stacks.receive("a.pdf", [files.pdf([first] * 3)], office, by=None)
    stack_reading.begin(str(stack.pk))
    read, done = stack_reading._read, []  # noqa: SLF001 - the seam between two pages

    def killed(*args: object) -> None:
        if done:
            raise SystemExit
        done.append(read(*args))

    monkeypatch.setattr(stack_reading, "_read", killed)
    with pytest.raises(SystemExit):
        stack_reading.read(str(stack.pk), 1)
    monkeypatch.undo()
    assert stack.sheets.filter(state=State.WAITING).count() == 2
    later = timezone.now() + timedelta(minutes=5)
    assert [each.pk for each in stack_reading.sweep(later)] == [stack.pk]
    assert list(stack_reading.sweep(later)) == []  # one sweep takes it, not each
    assert stack_reading.begin(str(stack.pk)) == [1]
    stack_reading.read(str(stack.pk), 1)
    stack.refresh_from_db()
    assert stack.state == Stack.State.READ
    assert not stack.sheets.filter(state=State.WAITING).exists()


@pytest.mark.parametrize("counted", [False, True])
def test_a_file_that_is_lost_on_our_side_is_said_and_blocks_nothing(
    office: Office, first: bytes, client: Client, *, counted: bool
) -> None:
    stack = stacks.receive("a.pdf", [files.pdf([first])], office, by=None)
    if counted:
        stack_reading.begin(str(stack.pk))
    (spool._folder() / stack.spooled).unlink()  # noqa: SLF001 - as a broken disk would
    for number in stack_reading.begin(str(stack.pk)):
        stack_reading.read(str(stack.pk), number)
    stack.refresh_from_db()
    assert stack.state == (Stack.State.READ if counted else Stack.State.REFUSED)
    assert [each.reason for each in stack.sheets.all()] == ["lost"] * counted
    assert client.get(f"/scans/{stack.pk}/").status_code == 200
    assert client.get(f"/scans/{stack.pk}/file/").status_code == 302


def test_of_two_scans_of_a_page_the_better_is_proposed(
    case: Application, office: Office, first: bytes, rng: np.random.Generator, client: Client
) -> None:
    coarse = copier.Scanner(dpi=120, skew=1.0, upside_down=0.0)
    poor = copier.scanned(rng, copier.filled(rng, copier.pages(case)[0]), coarse)
    stack = copier.take_in(files.pdf([poor, first]), office)
    worse, better = stack.sheets.all()
    assert (better.state, worse.state) == (State.NAMED, State.SET_ASIDE)
    assert worse.reason == "better-scan"
    client.post(f"/scans/sheets/{worse.pk}/take-instead/")
    worse.refresh_from_db()
    better.refresh_from_db()
    assert (better.state, worse.state) == (State.SET_ASIDE, State.NAMED)


def test_files_come_in_by_the_browser(client: Client, office: Office, first: bytes) -> None:
    sent = [
        SimpleUploadedFile("scan.pdf", files.pdf([first])),
        SimpleUploadedFile("photo.jpg", first),
    ]
    page = Shown(client.post("/scans/", {"file": sent}, follow=True))
    assert [folder.text_content() for folder in page.all("//tr[@data-stack]//td[1]//a")] == [
        "photo.jpg",
        "scan.pdf",
    ]
    assert set(Stack.objects.values_list("state", flat=True)) == {Stack.State.WAITING}
    empty = Shown(client.post("/scans/", {"file": [SimpleUploadedFile("no.pdf", b"")]}))
    assert "empty" in empty.text("//form[@data-drop]//p[@role='alert']")
    assert "Choose" in Shown(client.post("/scans/")).text("//form[@data-drop]//p[@role='alert']")


def test_a_watched_folder_is_emptied_into_the_office(
    office: Office, first: bytes, tmp_path: Path, settings: LazySettings
) -> None:
    settings.OVERA = {**settings.OVERA, "WATCHED": {office.code: tmp_path, "000": tmp_path}}
    whole, growing = tmp_path / "scan1.jpg", tmp_path / "scan2.jpg"
    whole.write_bytes(first)
    growing.write_bytes(first[:500])
    (tmp_path / ".hidden").write_bytes(first)
    old = time.time() - 60
    os.utime(whole, (old, old))
    os.utime(tmp_path / ".hidden", (old, old))
    assert [each.name for each in watching.take_in()] == ["scan1.jpg"]
    assert not whole.exists()
    assert growing.exists()
    assert list(watching.take_in()) == []
    stack = Stack.objects.get()
    assert (stack.office, stack.received_by) == (office, None)


def test_a_folder_that_is_gone_hinders_nobody(
    office: Office, tmp_path: Path, settings: LazySettings
) -> None:
    settings.OVERA = {**settings.OVERA, "WATCHED": {office.code: tmp_path / "gone"}}
    assert list(watching.take_in()) == []


def test_without_a_broker_the_file_waits_for_the_sweep(
    client: Client,
    first: bytes,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    def away(*_args: object) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.read_stack, "delay", away)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/scans/", {"file": [SimpleUploadedFile("scan.jpg", first)]})
    later = timezone.now() + timedelta(minutes=5)
    assert len(list(stack_reading.sweep(later))) == 1


def test_what_nobody_needs_is_destroyed_in_the_spool(
    office: Office, first: bytes, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    stack = stacks.receive("a.jpg", [first], office, by=None)
    orphan = spool.put([b"left by a process that was killed"])
    stacks.tidy(timezone.now())
    with spool.opened(orphan.name):
        pass  # it may be claimed yet
    with django_capture_on_commit_callbacks(execute=True):
        stacks.tidy(timezone.now() + timedelta(hours=2))
    with pytest.raises(spool.SpooledFileMissingError), spool.opened(orphan.name):
        pass
    with spool.opened(stack.spooled) as path:
        assert path.read_bytes() == first


def test_the_spool_holds_nothing_in_clear(office: Office) -> None:
    marked = b"0101990610020" * 500_000  # more than one piece
    name = spool.put([marked]).name
    assert b"0101990610020" not in (spool._folder() / name).read_bytes()  # noqa: SLF001
    with spool.opened(name) as path:
        assert path.read_bytes() == marked
        assert not list(spool._folder().glob(".open-*"))  # noqa: SLF001

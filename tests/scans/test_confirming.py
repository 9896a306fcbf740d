"""What an officer says of a scan, and what follows for the case."""

from datetime import timedelta

import numpy as np
import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from archive import store
from archive.models import AuditEvent
from registration import errors
from registration.models import Application, Desk, Mark, Office, Page, Sheet, Signature, Stack, User
from registration.services import confirmations, packets, sheets, signatures
from registration.services.confirmations import Word
from tests.intake import files, scanner
from tests.pages import counter
from tests.pages.page import Page as Shown
from tests.registration import making
from tests.scans import copier
from tests.scans.deciding import came, word

State = Sheet.State


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(12)


@pytest.fixture
def request_page(case: Application) -> Page:
    return copier.pages(case)[0]


def test_a_confirmed_box_is_the_evidence_of_its_signature(
    request_page: Page, office: Office, officer: User, rng: np.random.Generator
) -> None:
    sheet = came(rng, request_page, office)
    confirmations.confirm(request_page.paper, [sheet.pk], word(officer, sheet))
    signature = Signature.objects.get(paper=request_page.paper, role="citizen")
    mark = signature.mark
    assert (mark.said, mark.sheet.decided_by, mark.sheet.page) == ("signed", officer, request_page)
    assert store.get(mark.cut).startswith(b"\x89PNG")
    assert set(mark.zone) == {"left", "top", "width", "height"}
    event = AuditEvent.objects.get(event="sheet.confirm")
    assert event.facts["page"] == request_page.code


def test_an_empty_box_stays_missing(
    case: Application, request_page: Page, office: Office, officer: User, rng: np.random.Generator
) -> None:
    sheet = came(rng, request_page, office, roles=frozenset({"officer"}))
    assert sheet.marks.get(name="citizen").answer == "empty"
    confirmations.confirm(request_page.paper, [sheet.pk], word(officer, sheet))
    assert list(request_page.paper.signatures.values_list("role", flat=True)) == ["officer"]


def test_nothing_is_taken_over_that_nobody_said(
    request_page: Page, office: Office, officer: User, rng: np.random.Generator
) -> None:
    sheet = came(rng, request_page, office)
    silent = Word({}, timezone.localdate(), "Beograd", officer)
    with pytest.raises(errors.UnansweredError):
        confirmations.confirm(request_page.paper, [sheet.pk], silent)
    sheet.refresh_from_db()
    assert sheet.state == State.NAMED
    assert not Signature.objects.exists()


def test_what_contradicts_is_not_taken_over(
    case: Application, request_page: Page, office: Office, officer: User, rng: np.random.Generator
) -> None:
    sheet = came(rng, request_page, office)
    with pytest.raises(errors.OptionError):
        confirmations.confirm(request_page.paper, [sheet.pk], word(officer, sheet, option="2"))
    today = timezone.localdate()
    ticks = [(request_page.paper_id, "citizen")]
    signatures.record(case, ticks, signed_on=today, place="Beograd", by=officer)
    with pytest.raises(errors.ContradictedError):
        confirmations.confirm(request_page.paper, [sheet.pk], word(officer, sheet, citizen="empty"))
    late = Word({}, today + timedelta(days=1), "Beograd", officer)
    with pytest.raises(errors.FutureSignatureError):
        confirmations.confirm(request_page.paper, [sheet.pk], late)


def test_a_tick_gets_the_scan_as_its_evidence(
    case: Application, request_page: Page, office: Office, officer: User, rng: np.random.Generator
) -> None:
    ticks = [(request_page.paper_id, role) for role in ("citizen", "officer")]
    signatures.record(case, ticks, signed_on=timezone.localdate(), place="Beograd", by=officer)
    sheet = came(rng, request_page, office)
    confirmations.confirm(request_page.paper, [sheet.pk], word(officer, sheet))
    assert Signature.objects.count() == 2
    assert not Signature.objects.filter(mark=None).exists()


def test_a_page_with_changed_print_does_not_count(
    request_page: Page, office: Office, officer: User, rng: np.random.Generator
) -> None:
    sheet = came(rng, request_page, office)
    changed = Mark.objects.create(
        sheet=sheet, kind=Mark.Kind.ALTERATION, name="word", answer="unsure", zone={}, cut="0.png"
    )
    confirmations.confirm(request_page.paper, [sheet.pk], word(officer, sheet, word="altered"))
    sheet.refresh_from_db()
    changed.refresh_from_db()
    assert (sheet.state, sheet.reason, changed.said) == (State.REFUSED, "altered", "altered")
    assert not Signature.objects.exists()


def test_papers_that_do_not_count_any_more_are_not_confirmed(
    case: Application, request_page: Page, office: Office, officer: User, rng: np.random.Generator
) -> None:
    sheet = came(rng, request_page, office)
    packets.reprint(case, [request_page.paper_id], "мрља", by=officer)
    with pytest.raises(errors.PageNotCountingError):
        confirmations.confirm(request_page.paper, [sheet.pk], word(officer, sheet))


def test_a_second_officer_is_told_that_it_is_done(
    request_page: Page, office: Office, officer: User, rng: np.random.Generator, client: Client
) -> None:
    sheet = came(rng, request_page, office)
    said = word(officer, sheet)
    confirmations.confirm(request_page.paper, [sheet.pk], said)
    with pytest.raises(errors.NotNowError):
        confirmations.confirm(request_page.paper, [sheet.pk], said)
    answer = client.get(f"/scans/{sheet.stack_id}/papers/{request_page.paper_id}/")
    assert answer["Location"] == f"/scans/{sheet.stack_id}/"


def test_another_office_may_not_confirm(
    request_page: Page, office: Office, rng: np.random.Generator
) -> None:
    sheet = came(rng, request_page, office)
    elsewhere = Office.objects.create(code="099", name="PS Zemun", place="Zemun")
    stranger = User.objects.create_user("stranger", office=elsewhere)
    with pytest.raises(errors.ForeignOfficeError):
        confirmations.confirm(request_page.paper, [sheet.pk], word(stranger, sheet))


def test_a_page_without_a_code_is_named_by_hand(
    request_page: Page, office: Office, rng: np.random.Generator, client: Client
) -> None:
    blotted = files.encoded(without_codes(rng, request_page), "JPEG", 150)
    sheet = copier.take_in(files.pdf([blotted]), office).sheets.get()
    assert (sheet.state, sheet.reason) == (State.TRAY, "no-code")
    page = Shown.get(client, "/scans/tray/")  # leads to the sheet
    assert Shown(client.get("/scans/tray/", follow=True)).one("//form[@id='which']") is not None
    wrong = Shown.post(client, f"/scans/sheets/{sheet.pk}/", line="1A 26 00")
    assert "No page of this office" in wrong.text("//form[@id='which']/p[@role='alert']")
    spaced = " ".join(request_page.code[at : at + 4] for at in range(0, 33, 4))
    Shown.post(client, f"/scans/sheets/{sheet.pk}/", line=spaced.lower())
    sheet.refresh_from_db()
    assert (sheet.state, sheet.page, sheet.assigned_by.username) == (
        State.NAMED,
        request_page,
        "milena",
    )
    assert sheet.marks.filter(kind="signature").count() == 2
    assert page.status == 302


def test_a_sheet_is_not_taken_for_a_page_that_it_does_not_show(
    case: Application, request_page: Page, office: Office, officer: User, rng: np.random.Generator
) -> None:
    blotted = files.encoded(without_codes(rng, request_page), "JPEG", 150)
    sheet = copier.take_in(files.pdf([blotted]), office).sheets.get()
    terms = next(each for each in copier.pages(case) if each.paper.kind == "terms")
    with pytest.raises(errors.SheetNotPlacedError):
        sheets.assign(sheet, terms, by=officer)
    sheet.refresh_from_db()
    assert sheet.state == State.TRAY


def test_the_request_that_a_citizen_brought_is_kept_behind_its_cover(
    officer: User, office: Office, desk: Desk, rng: np.random.Generator, client: Client
) -> None:
    case = counter.printed(officer, desk, request_brought=True)
    cover = copier.pages(case)[0]
    assert cover.paper.kind == "cover"
    covered = copier.scanned(rng, copier.filled(rng, cover))
    brought = files.encoded(without_codes(rng, cover), "JPEG", 150)
    back = files.encoded(files.blank(rng, 150), "JPEG", 150)
    stack = copier.take_in(files.pdf([covered, back, brought]), office)
    page = stack.sheets.get(number=3)
    assert (page.state, page.behind) == (State.NAMED, cover)
    shown = Shown(client.get(f"/scans/{stack.pk}/confirm/", follow=True))
    assert len(shown.all("//section[@data-behind]")) == 1


def test_a_stack_is_destroyed_once_all_of_it_is_decided(
    request_page: Page, office: Office, officer: User, rng: np.random.Generator
) -> None:
    good = copier.scanned(rng, copier.filled(rng, request_page))
    stack = copier.take_in(files.pdf([good, good[:900]]), office)
    sheet, broken = stack.sheets.all()
    confirmations.confirm(request_page.paper, [sheet.pk], word(officer, sheet))
    stack.refresh_from_db()
    assert stack.state == Stack.State.READ  # one page of it still waits for a word
    sheets.set_aside(broken, by=officer)
    stack.refresh_from_db()
    assert stack.state == Stack.State.CLOSED
    assert AuditEvent.objects.filter(event="stack.destroy", subject=str(stack.pk)).exists()


@pytest.mark.parametrize("allowed", [True, False])
def test_a_second_scan_of_a_filed_case(
    officer: User,
    office: Office,
    rng: np.random.Generator,
    desk: Desk,
    settings: LazySettings,
    *,
    allowed: bool,
) -> None:
    settings.OVERA = {**settings.OVERA, "ACCEPT_SECOND_SCAN": allowed}
    case = making.filed(officer, desk)
    terms = [page for page in copier.pages(case) if page.paper.kind == "terms"][2]
    sheet = came(rng, terms, office)
    assert sheet.state == (State.CONFIRMED if allowed else State.NAMED)
    if allowed:
        assert sheet.decided_by is None
        assert sheet.marks.get().signature is not None


def without_codes(rng: np.random.Generator, page: Page) -> np.ndarray:
    """Return the scan of a page whose codes were cut out."""
    upright = copier.Scanner(dpi=150, skew=0.3, shift=0.5, feed=0.0, upside_down=0.0)
    picture = scanner.scan(rng, copier.filled(rng, page), upright).copy()
    per_mm = 150 / 25.4
    for zone in page.zones:
        if zone["kind"] == "code":
            rect = zone["rect"]
            left, top = (int((rect[side] - 4) * per_mm) for side in ("left", "top"))
            wide, high = (int((rect[side] + 10) * per_mm) for side in ("width", "height"))
            picture[max(0, top) : top + high, max(0, left) : left + wide] = 235
    return picture

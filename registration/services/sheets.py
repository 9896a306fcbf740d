"""Sheets of a stack before an officer: named by hand, set aside, looked at."""

import numpy as np
from django.utils import timezone

from archive import store
from archive.services import audit
from registration import errors
from registration.intake import naming, reading
from registration.intake.naming import Verdict
from registration.intake.placing import Placing
from registration.intake.scans import Original, ScannedPage
from registration.models import Mark, Page, Sheet, User
from registration.queries import scans
from registration.services import bundles, findings, stacks

_STATE = Sheet.State


def assign(sheet: Sheet, page: Page, *, by: User) -> None:
    """Say which page a sheet is that no code named; it is then read as that page.

    Raises NotNowError, and SheetNotPlacedError where the sheet does not look like the page.
    """
    office = scans.knowing(sheet.stack.office)
    name = naming.judge(page.code, office.key, office.lookup)
    if name.verdict != Verdict.NAMED:
        raise errors.PageNotCountingError
    if sheet.state != _STATE.TRAY:
        raise errors.NotNowError
    scanned = scanned_page(sheet)
    finding = reading.examined(scanned, name, office)
    if finding.placing is None:
        raise errors.SheetNotPlacedError
    findings.note(sheet, scanned, finding)
    with audit.transaction():
        Sheet.objects.filter(pk=sheet.pk).update(assigned_by=by)
        facts = {"sheet": sheet.number, "page": page.code}
        audit.append("sheet.assign", subject=str(sheet.stack_id), by=by, facts=facts)


def put_behind(sheet: Sheet, cover: Page, *, by: User) -> None:
    """Say that a sheet belongs to the request that a citizen brought; raise NotNowError."""
    if sheet.state != _STATE.TRAY or not findings.is_cover(cover):
        raise errors.NotNowError
    with audit.transaction():
        findings.move(sheet, state=_STATE.NAMED, reason="", behind=cover, assigned_by=by)
        facts = {"sheet": sheet.number, "cover": cover.code}
        audit.append("sheet.assign", subject=str(sheet.stack_id), by=by, facts=facts)


def page_by_line(sheet: Sheet, line: str) -> Page:
    """Return the page that a typed number line names; raise UnknownCodeError."""
    office = scans.knowing(sheet.stack.office)
    name = naming.judge(line, office.key, office.lookup)
    page = scans.page_of(name.code, sheet.stack.office) if name.code else None
    if page is None or name.verdict in {Verdict.FORGED, Verdict.FOREIGN}:
        raise errors.UnknownCodeError
    return page


def set_aside(sheet: Sheet, *, by: User) -> None:
    """Decide that a sheet is of no use; the paper itself is not touched."""
    with audit.transaction():
        row = Sheet.objects.select_for_update(of=("self",), no_key=True).get(pk=sheet.pk)
        if row.state in {_STATE.WAITING, _STATE.CONFIRMED, _STATE.SET_ASIDE, _STATE.BLANK}:
            raise errors.NotNowError
        row.state, row.decided_by, row.decided_at = _STATE.SET_ASIDE, by, timezone.now()
        row.save()
        facts = {"sheet": row.number, "why": row.reason or "by hand"}
        audit.append("sheet.set_aside", subject=str(row.stack_id), by=by, facts=facts)
    stacks.close(row.stack, by=by)


def take_instead(sheet: Sheet, *, by: User) -> None:
    """Prefer a scan that was set aside for a better one."""
    with audit.transaction():
        row = Sheet.objects.select_for_update(of=("self",), no_key=True).get(pk=sheet.pk)
        if row.state != _STATE.SET_ASIDE or row.reason != "better-scan" or not row.bundle:
            raise errors.NotNowError
        others = Sheet.objects.filter(page=row.page, state=_STATE.NAMED)
        others.update(state=_STATE.SET_ASIDE, reason="better-scan")
        row.state, row.reason = _STATE.NAMED, ""
        row.save()
        facts = {"sheet": row.number}
        audit.append("sheet.take_instead", subject=str(row.stack_id), by=by, facts=facts)


def scanned_page(sheet: Sheet) -> ScannedPage:
    """Return a sheet as it came out of its stack; raise SpooledFileMissingError."""
    facts = sheet.scanned
    original = Original(facts["original"], _kept(sheet, bundles.ORIGINAL, sheet.original))
    same = facts["picture"] == facts["original"]
    data = original.data if same else _kept(sheet, bundles.PICTURE, sheet.picture)
    return ScannedPage(
        number=sheet.number,
        original=original,
        picture=Original(facts["picture"], data),
        width=facts["width"],
        height=facts["height"],
        dpi=(facts["dpi"][0], facts["dpi"][1]),
        turn=facts["turn"],
    )


def preview(sheet: Sheet) -> bytes:
    """Return a small JPEG of a whole sheet, in whichever state it is."""
    if sheet.bundle:
        return bundles.get(sheet.bundle, bundles.PREVIEW)
    place = placing(sheet)
    page = scanned_page(sheet)
    return reading.preview(page, place.turn if place else page.turn)


def cut(mark: Mark) -> bytes:
    """Return the PNG on which a mark can be seen."""
    if mark.sheet.bundle:
        return bundles.get(mark.sheet.bundle, mark.cut)
    return store.get(mark.cut)


def placing(sheet: Sheet) -> Placing | None:
    """Return where the printed page lies on a sheet."""
    facts = sheet.placing
    if not facts:
        return None
    return Placing(
        matrix=np.array(facts["matrix"]),
        bend=np.array(facts["bend"]),
        size=(facts["size"][0], facts["size"][1]),
        error=facts["error"],
        matched=facts["matched"],
    )


def _kept(sheet: Sheet, file: str, sha256: str) -> bytes:
    return bundles.get(sheet.bundle, file) if sheet.bundle else store.get(sha256)

"""What the machine found on a sheet is kept until an officer decides."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from archive import spool
from archive.services import audit
from registration.intake import reading
from registration.intake.naming import Verdict
from registration.intake.placing import Placing
from registration.intake.reading import PageFinding
from registration.intake.scans import ScannedPage
from registration.models import Mark, Page, Paper, Sheet, Stack
from registration.queries import scans
from registration.services import bundles

_STATE = Sheet.State
_REFUSED = {
    Verdict.SUPERSEDED: "superseded",
    Verdict.FOREIGN: "foreign",
    Verdict.FORGED: "forged",
}


@dataclass(frozen=True)
class _Seen:
    """What the machine saw in one place, with its picture."""

    kind: str
    name: str
    answer: str
    zone: dict[str, float]
    facts: dict[str, Any]
    cut: bytes


def note(sheet: Sheet, page: ScannedPage, finding: PageFinding) -> None:
    """Keep what was found on a page that waited; somebody else's finding stays."""
    if finding.name.verdict == Verdict.BLANK:
        move(sheet, state=_STATE.BLANK)
        return
    seen = list(_seen(finding))
    bundle = bundles.put(_files(page, _upright(page, finding), seen))
    found = _found(sheet, finding)
    with audit.transaction():
        row = Sheet.objects.select_for_update(of=("self",), no_key=True).get(pk=sheet.pk)
        if row.state != sheet.state:
            spool.destroy(bundle)
            return
        earlier = row.bundle
        row.marks.all().delete()
        for name, value in found.items():
            setattr(row, name, value)
        row.bundle, row.scanned, row.altered = bundle, _scanned(page), finding.altered
        row.placing = _placing(finding.placing)
        row.save()
        _keep_marks(row, seen)
        _prefer(row)
    if earlier:
        spool.destroy(earlier)


def note_failure(sheet: Sheet, code: str, facts: Mapping[str, Any]) -> None:
    """Keep that a page could not be read, and why."""
    move(sheet, state=_STATE.FAILED, reason=code, facts=dict(facts))


def put_behind_covers(stack: Stack) -> None:
    """Take the pages without a code that follow a cover for the request that it covers."""
    cover: Page | None = None
    for sheet in stack.sheets.select_related("page__paper").order_by("number"):
        if sheet.state == _STATE.NAMED and sheet.page and is_cover(sheet.page):
            cover = sheet.page
        elif sheet.state == _STATE.TRAY and sheet.reason == "no-code" and cover:
            move(sheet, state=_STATE.NAMED, reason="", behind=cover)
        elif sheet.state != _STATE.BLANK:
            cover = None


def _found(sheet: Sheet, finding: PageFinding) -> dict[str, Any]:
    """Return the state that follows from what was found, with the page it is about."""
    name = finding.name
    page = scans.page_of(name.code, sheet.stack.office) if name.code else None
    if name.verdict == Verdict.NAMED:
        if page is not None and page.paper.kind == Paper.Kind.REPRINT:
            return {"state": _STATE.SET_ASIDE, "reason": "reprint-cover", "page": page}
        if finding.placing is None:
            return {"state": _STATE.TRAY, "reason": "not-placed", "page": None}
        return {"state": _STATE.NAMED, "reason": "", "page": page}
    if name.verdict in _REFUSED:
        facts = {"why": name.reason} if name.reason else {}
        reason = _REFUSED[name.verdict]
        return {"state": _STATE.REFUSED, "reason": reason, "facts": facts, "page": page}
    return {"state": _STATE.TRAY, "reason": "no-code", "page": None}


def _prefer(row: Sheet) -> None:
    """Of two scans of one page propose the better; one that was confirmed stays."""
    if row.state != _STATE.NAMED:
        return
    others = Sheet.objects.filter(page=row.page).exclude(pk=row.pk)
    if others.filter(state=_STATE.CONFIRMED).exists():
        _put_aside(row, "confirmed-already")
    for other in others.filter(state=_STATE.NAMED):
        worse = row if _quality(row) < _quality(other) else other
        _put_aside(worse, "better-scan")


def _put_aside(row: Sheet, reason: str) -> None:
    row.state, row.reason = _STATE.SET_ASIDE, reason
    row.save(update_fields=["state", "reason"])


def _quality(row: Sheet) -> tuple[float, int, float]:
    """Compare scans of a page: how much of the print was found, how fine it is, how true."""
    facts = row.placing or {"matched": 0.0, "error": 9.0}
    fine = min(row.scanned["width"], row.scanned["height"])
    return round(facts["matched"], 2), fine, -facts["error"]


def is_cover(page: Page) -> bool:
    return page.paper.kind == Paper.Kind.COVER


def move(sheet: Sheet, **values: Any) -> None:
    """Change a sheet unless somebody else did meanwhile."""
    Sheet.objects.filter(pk=sheet.pk, state=sheet.state).update(**values)


def _seen(finding: PageFinding) -> Iterator[_Seen]:
    for each in finding.signatures:
        found = each.found
        facts = {"area": round(found.area, 1), "stamped": found.stamped}
        rect = asdict(found.zone.rect)
        yield _Seen(Mark.Kind.SIGNATURE, found.zone.name, found.answer, rect, facts, each.cut)
    for sealed in finding.seals:
        rect, facts = asdict(sealed.found.zone.rect), {"radius": round(sealed.found.radius, 1)}
        yield _Seen(
            Mark.Kind.SEAL, sealed.found.zone.name, sealed.found.answer, rect, facts, sealed.cut
        )
    if finding.choice:
        choice = finding.choice.found
        rect = asdict(choice.options[0].zone.rect)
        yield _Seen(Mark.Kind.OPTION, "", choice.number or "unsure", rect, {}, finding.choice.cut)
    for altered in finding.alterations:
        change = altered.found
        rect, facts = asdict(change.rect), {"area": round(change.area, 1)}
        yield _Seen(Mark.Kind.ALTERATION, change.kind, "unsure", rect, facts, altered.cut)


def _files(page: ScannedPage, turn: int, seen: list[_Seen]) -> dict[str, bytes]:
    files = {bundles.ORIGINAL: page.original.data, bundles.PREVIEW: reading.preview(page, turn)}
    if page.picture.data is not page.original.data:
        files[bundles.PICTURE] = page.picture.data
    return files | {f"{at}.png": each.cut for at, each in enumerate(seen)}


def _upright(page: ScannedPage, finding: PageFinding) -> int:
    """Return by how much a sheet is turned to be read: by its print, its codes, else its file."""
    if finding.placing:
        return finding.placing.turn
    return next((each.turn for each in finding.name.symbols), page.turn)


def _keep_marks(row: Sheet, seen: list[_Seen]) -> None:
    Mark.objects.bulk_create(
        Mark(
            sheet=row,
            kind=each.kind,
            name=each.name,
            answer=each.answer,
            zone=each.zone,
            facts=each.facts,
            cut=f"{at}.png",
        )
        for at, each in enumerate(seen)
    )


def _scanned(page: ScannedPage) -> dict[str, Any]:
    return {
        "original": page.original.media,
        "picture": page.picture.media,
        "width": page.width,
        "height": page.height,
        "dpi": list(page.dpi),
        "turn": page.turn,
    }


def _placing(found: Placing | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "matrix": found.matrix.tolist(),
        "bend": found.bend.tolist(),
        "size": list(found.size),
        "error": float(found.error),
        "matched": float(found.matched),
    }

"""The papers of a disposal: request and list for the public archive, the record of destruction.

Numbers, kinds and days stand in them, and the names of those who acted; of citizens nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.text import slugify

from archive import printing, spreadsheets, store
from archive.disposal import Item
from archive.models import CategoryList, Disposal, DisposalDocument, DisposalItem, Record
from archive.services import audit
from archive.services.files import blobs
from archive.spreadsheets import Column

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SUFFIXES = {PDF: "pdf", XLSX: "xlsx"}
_COMMISSION = ("decide", "conclude")
_HEADS = (
    *("Редни број", "Број списа", "Број предмета", "Класификациона ознака", "Садржај", "Исход"),
    *("Година настанка", "Станица", "Рок чувања (година)", "Рок тече од", "Чувано до"),
    *("Примерака", "Страна", "Сагласност на листу"),
)
_WIDTH = 18  # of a column, in characters


@dataclass(frozen=True)
class Line:
    """A record as lists name it."""

    position: int
    file_number: str
    case_number: str
    mark: str  # of its category
    content: str
    outcome: str
    year: int
    office: str
    term: int | None  # years
    event: date
    until: date | None
    copies: int
    pages: int
    consent: str  # of the public archive to the list of categories
    remark: str = ""

    @property
    def heading(self) -> str:
        """Return under what lists gather their lines."""
        return f"{self.mark} {self.content}, рок чувања {self.term} г.".strip()


@dataclass(frozen=True)
class Made:
    """A document in the store, whose row comes next."""

    kind: str
    sha256: str
    size: int
    media_type: str


def request(items: Sequence[DisposalItem]) -> list[Made]:
    """Make request (PDF/A-2b) and list (XLSX) of what is to be asked for; all of one disposal."""
    with translation.override("sr"):
        lines = _lines(items)
        consents = list(dict.fromkeys(filter(None, (each.consent for each in lines))))
        shown = {"lines": lines, "years": _by_year(lines), "consents": consents}
        shown |= _frame(items[0].disposal)
        pdf = printing.lasting(render_to_string("archive/print/request.html", shown))
        sheet = _sheet(lines)
    return [_put("request", pdf, PDF), _put("list", sheet, XLSX)]


def act(row: Disposal) -> Made:
    """Make the record of destruction (PDF/A-2b) of a disposal whose items are all done."""
    items = row.items.select_related("record__category__list")
    spared = items.filter(state__in=(Item.SPARED, Item.EXCLUDED))
    with translation.override("sr"):
        lines = _lines(items.filter(state=Item.DESTROYED))
        shown = {
            "lines": lines,
            "years": _by_year(lines),
            "spared": _lines(spared),
            "commission": _names(row, *_COMMISSION),
            "witnesses": _names(row, "witness", "destroy"),
            "confirmed": _names(row, "confirm"),
            "proposed": _names(row, "propose"),
            **_frame(row),
        }
        return _put("act", printing.lasting(render_to_string("archive/print/act.html", shown)), PDF)


def keep(row: Disposal, made: Iterable[Made]) -> None:
    """Lay documents that are in the store beside their disposal."""
    now, documents = timezone.now(), list(made)
    blobs.keep(each.sha256 for each in documents)
    DisposalDocument.objects.bulk_create(
        DisposalDocument(disposal=row, made_at=now, **vars(each)) for each in documents
    )


def take_out(document: DisposalDocument, *, by: audit.Actor) -> tuple[str, bytes]:
    """Return a document's file name and bytes, and log who took it. Raises store.StoreError."""
    row = document.disposal
    data = store.get(document.sha256)
    facts = {"what": document.kind, "sha256": document.sha256}
    audit.view(f"disposal {row.number}", by=by, facts=facts)
    number = slugify(row.number.replace("/", "-"))
    return f"{document.kind}-{number}.{_SUFFIXES[document.media_type]}", data


def _put(kind: str, data: bytes, media_type: str) -> Made:
    return Made(kind, store.put(data), len(data), media_type)


def _frame(row: Disposal) -> dict[str, Any]:
    section = cast("dict[str, Any]", settings.OVERA["DISPOSAL"])
    bodies = {"creator": section["CREATOR"], "archive": section["PUBLIC_ARCHIVE"]}
    return {"disposal": row, "today": timezone.localdate(), **bodies}


def _names(row: Disposal, *steps: str) -> list[str]:
    """Return who took these steps, each once, in the order of the steps."""
    taken = row.steps.filter(name__in=steps).values_list("by_name", flat=True)
    return list(dict.fromkeys(taken))


def _lines(items: Iterable[DisposalItem]) -> list[Line]:
    ordered = sorted(items, key=_place_in_list)
    return [_line(position, each) for position, each in enumerate(ordered, start=1)]


def _place_in_list(item: DisposalItem) -> tuple[str, str, int]:
    category = item.record.category
    return category.mark if category else "", item.record.kind, item.pk


def _line(position: int, item: DisposalItem) -> Line:
    record, category = item.record, item.record.category
    copies, pages = (item.copies, item.pages) if record.destroyed else record.paper()
    return Line(
        position=position,
        file_number=record.file_number,
        case_number=record.shown_case_number,
        mark=category.mark if category else "",
        content=category.name if category else record.get_kind_display(),
        outcome=str(Record.State(item.outcome).label),
        year=record.decided_on.year,
        office=record.office_code,
        term=record.retention_years,
        event=record.retention_event,
        until=record.retained_until,
        copies=copies,
        pages=pages,
        consent=_consent(category.list) if category else "",
        remark=item.remark(),
    )


def _consent(named: CategoryList) -> str:
    day = f" од {named.consent_on:%d.%m.%Y.}" if named.consent_on else ""
    return f"{named.consent_number}{day}"


def _by_year(lines: Sequence[Line]) -> list[tuple[int, int, int]]:
    """Return for each year of origin how many records and pages there are."""
    records = Counter(each.year for each in lines)
    pages: Counter[int] = Counter()
    for each in lines:
        pages[each.year] += each.pages
    return [(year, records[year], pages[year]) for year in sorted(records)]


def _sheet(lines: Sequence[Line]) -> bytes:
    columns = [Column(head, _WIDTH) for head in _HEADS]
    rows = [list(vars(line).values())[: len(_HEADS)] for line in lines]
    return b"".join(spreadsheets.as_xlsx("Попис", columns, rows))

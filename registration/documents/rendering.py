"""HTML to PDF/A by WeasyPrint, and the map of a paper: lines for values, places for pens."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from typing import Any

from django.template import Context, Engine
from django.utils.safestring import SafeString, mark_safe
from weasyprint import CSS, HTML
from weasyprint.formatting_structure import boxes

from archive import printing
from registration.documents import contexts, papers, wording
from registration.documents.papers import Version
from registration.documents.zones import Rect, Zone
from registration.rules.scripts import Script

BLANK = "\u00a0"  # keeps the line of an empty field
INPUT = "\ufffc"  # an object takes the value's place

_POINT, _MILLIMETRE = 72 / 96, 25.4 / 96  # of a CSS pixel
_BOLD = 600


@dataclass(frozen=True)
class Slot:
    """A line for one value, in points from the page's bottom left corner."""

    name: str
    page: int  # from 1
    left: float
    baseline: float
    width: float
    size: float
    bold: bool
    align: str  # "left" | "center" | "right"


@dataclass(frozen=True)
class Rendered:
    """A paper as PDF/A and what is where on its pages."""

    pdf: bytes
    slots: tuple[Slot, ...]
    zones: tuple[Zone, ...]


class Blanks(dict[str, str]):
    """Values of a paper that waits for them: every field is an empty line."""

    def __missing__(self, name: str) -> str:
        return BLANK


class Inputs(dict[str, str]):
    """Values of a paper that the citizen fills in at home; what the office writes stays empty."""

    def __missing__(self, name: str) -> str:
        return "" if name in contexts.OFFICIAL else INPUT


def render(
    version: Version, values: Mapping[str, str], script: Script, variant: str = "pdf/a-2b"
) -> Rendered:
    """Lay a paper out with its values; templates, styles and wording are in Cyrillic."""
    source = HTML(string=html(version, values, script), base_url=str(papers.ROOT))
    with printing.ONE_AT_A_TIME:
        document = source.render(
            stylesheets=[_style(script)],
            font_config=printing.fonts(),
            pdf_variant=variant,
        )
        pdf: bytes = document.write_pdf(pdf_variant=variant)
        found = [
            each for number, page in enumerate(document.pages, 1) for each in _map(page, number)
        ]
    return Rendered(
        pdf,
        tuple(each for each in found if isinstance(each, Slot)),
        tuple(each for each in found if isinstance(each, Zone)),
    )


@lru_cache(maxsize=8)
def form(version: Version, script: Script) -> bytes:
    """Return a paper whose fields can be filled in on a screen; a form is never PDF/A."""
    source = HTML(string=html(version, Inputs(), script), base_url=str(papers.ROOT))
    with printing.ONE_AT_A_TIME:
        pdf: bytes = source.write_pdf(
            stylesheets=[_style(script)], font_config=printing.fonts(), pdf_forms=True
        )
    return pdf


def html(version: Version, values: Mapping[str, str], script: Script) -> str:
    """Return a paper's layout filled in; values are escaped, wording is read as its own markup."""
    context = Context(_context(version, values, script), use_l10n=False)
    return script.spell(_engine().get_template(version.layout).render(context))


def _context(version: Version, values: Mapping[str, str], script: Script) -> dict[str, Any]:
    return papers.constants(version.body) | {
        "language": script.tag,
        "title": version.title,
        "version": version.code,
        "valid_from": f"{version.valid_from:%d.%m.%Y.}",
        "blocks": _blocks(version),
        "field": _Fields(values),
    }


def _blocks(version: Version) -> dict[str, list[dict[str, Any]]]:
    """Return the wording by its place in the layout."""
    found: dict[str, list[dict[str, Any]]] = {}
    for block in version.blocks:
        set_in = {"heading": block.heading, "html": mark_safe(wording.html(block, version.body))}  # noqa: S308
        found.setdefault(block.place, []).append(set_in)
    return found


class _Fields:
    """What `{{ field.surname }}` becomes: an element that is found again on the page."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> SafeString:
        text = self._values[name]
        if text == INPUT:
            return mark_safe(f'<input type="text" name="{name}">')  # noqa: S308
        value = escape(text or BLANK)
        return mark_safe(f'<span data-field="{name}" translate="no">{value}</span>')  # noqa: S308


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(papers.ROOT)], autoescape=True)


@cache
def _style(script: Script) -> CSS:
    rules = script.spell((papers.ROOT / "base.css").read_text())
    return CSS(string=rules, base_url=str(papers.ROOT), font_config=printing.fonts())


def _map(page: Any, number: int) -> Iterator[Slot | Zone]:
    """Read a laid out page: lines with `data-field` are slots, boxes with `data-zone` are zones."""
    height = page.height * _POINT
    for box, line in _boxes(page._page_box, None):  # noqa: SLF001 - the only way to the baselines
        if isinstance(box, boxes.TextBox):
            yield _slot(box, line, number, height)
        else:
            yield _zone(box, number)


def _boxes(box: Any, line: Any) -> Iterator[tuple[Any, Any]]:
    """Yield text boxes of fields with the block that their line stands in, and boxes of zones."""
    box = getattr(box, "_box", box)  # what is positioned hides in a placeholder
    named = box.element.attrib if box.element is not None else {}
    if isinstance(box, boxes.TextBox):
        if "data-field" in named:
            yield box, line
        return
    if "data-zone" in named and isinstance(box, boxes.BlockLevelBox):
        yield box, line
    if isinstance(box, boxes.ParentBox):
        inside = box if isinstance(box, boxes.BlockContainerBox) else line
        for child in box.children:
            yield from _boxes(child, inside)


def _slot(box: Any, line: Any, page: int, height: float) -> Slot:
    left = line.content_box_x()
    inline = line.style["text_align_all"] == "start"
    start = box.position_x if inline else left
    return Slot(
        name=box.element.attrib["data-field"],
        page=page,
        left=start * _POINT,
        baseline=height - (box.position_y + box.baseline) * _POINT,
        width=(left + line.width - start) * _POINT,
        size=box.style["font_size"] * _POINT,
        bold=box.style["font_weight"] >= _BOLD,
        align={"center": "center", "right": "right", "end": "right"}.get(
            line.style["text_align_all"], "left"
        ),
    )


def _zone(box: Any, page: int) -> Zone:
    named = box.element.attrib
    place = Rect(
        *(
            round(each * _MILLIMETRE, 3)
            for each in (
                box.border_box_x(),
                box.border_box_y(),
                box.border_width(),
                box.border_height(),
            )
        )
    )
    return Zone(named["data-zone"], named["data-name"], page, place)

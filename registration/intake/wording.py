"""The words of a born page as an invisible drawing: its text, its fonts, nothing else."""

from typing import Any

import pikepdf
from pikepdf import ContentStreamInstruction, Dictionary, Name, Operator

_KEPT = frozenset({"q", "Q", "cm", "ET", "Tc", "Tw", "Tz", "TL", "Tf", "Ts", "Td", "TD", "Tm"})
_KEPT |= {"T*", "Tj", "TJ", "'", '"'}
_INVISIBLE = ContentStreamInstruction([3], Operator("Tr"))
_DEPTH = 6  # of drawings within drawings


def layer(document: pikepdf.Pdf, page: pikepdf.Page) -> pikepdf.Stream:
    """Return a page's text as a form for `document`; the page belongs to another file."""
    resources = page.obj.get("/Resources", Dictionary())
    box = [float(each) for each in page.mediabox]
    return _form(document, page, resources, box, Dictionary(), _DEPTH)


def _form(
    document: pikepdf.Pdf, drawing: Any, resources: Any, box: Any, extra: Any, depth: int
) -> pikepdf.Stream:
    inner = _forms(document, resources, depth)
    kept = _instructions(drawing, frozenset(inner))
    form = document.make_stream(pikepdf.unparse_content_stream(kept))
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, pikepdf.Array(box)
    for key, value in extra.items():
        form[key] = value
    fonts = resources.get("/Font", Dictionary())
    form.Resources = Dictionary(
        Font=Dictionary({name: _copied(document, font) for name, font in fonts.items()}),
        XObject=Dictionary(inner),
    )
    return form


def _forms(document: pikepdf.Pdf, resources: Any, depth: int) -> dict[str, pikepdf.Stream]:
    """Return the drawings within a drawing, their words only."""
    objects = resources.get("/XObject", Dictionary()) if depth else Dictionary()
    return {
        name: _form(
            document,
            each,
            each.get("/Resources", resources),
            [float(value) for value in each.BBox],
            {"/Matrix": pikepdf.Array(list(each.Matrix))} if "/Matrix" in each else {},
            depth - 1,
        )
        for name, each in objects.items()
        if each.get("/Subtype") == "/Form"
    }


def _instructions(drawing: Any, forms: frozenset[str]) -> list[Any]:
    kept: list[Any] = []
    for instruction in pikepdf.parse_content_stream(drawing):
        name = str(instruction.operator)
        if name == "BT":
            kept += [instruction, _INVISIBLE]
        elif name in _KEPT or (name == "Do" and str(instruction.operands[0]) in forms):
            kept.append(instruction)
    return kept


def _copied(document: pikepdf.Pdf, font: Any) -> Any:
    """Copy a font once; a second use of the same is the same object."""
    return document.copy_foreign(font) if font.is_indirect else font

"""Papers for who cannot see them: what WeasyPrint tags as PDF/A-2a becomes PDF/UA-1 as well.

What is printed inside <main> is the paper and is read out; what stands round it on every page
(who issues it, its page number, its codes) is furniture of the page. Traps of WeasyPrint's tags:
it marks furniture as text of a structure that hangs nowhere, a header cell over several columns is
that of the first alone and has no scope, and words beside a block inside a heading become a heading
within the heading. Tagged papers cannot be merged: the tags of all but the first are lost, and no
validator says so.
"""

from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import islice
from typing import Any

import pikepdf
from pikepdf import Array, ContentStreamInstruction, Dictionary, Name, Operator

VARIANT = "pdf/a-2a"

_MAIN = "/Part"  # what WeasyPrint makes of <main>, one a page
_PIXEL = 0.75  # points
_NO_TABLE = {"/Table": "/Div", "/THead": "/Div", "/TBody": "/Div", "/TFoot": "/Div"}
_NO_TABLE |= {"/TR": "/Div", "/TD": "/P", "/TH": "/H2", "/Caption": "/H2"}
_HEADINGS = frozenset({"/H1", "/H2", "/H3", "/H4", "/H5", "/H6"})
_CLAIM = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfuaid:part>1</pdfuaid:part>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file keeps to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
_END = b"</rdf:RDF>"


class UntaggedError(ValueError):
    """A file has no structure to be read out by, or is not WeasyPrint's."""


def complete(pdf: bytes) -> bytes:
    """Return a tagged PDF/A-2a as one that is PDF/UA-1 too; raise UntaggedError.

    Four things are done to it: the claim is added to its XMP, in a schema of its own since PDF/A
    knows none (ISO 19005-2, 6.6.2.3.3; ISO 14289-1, 5); furniture is marked as header and footer
    (ISO 14289-1, 7.8); a grid whose columns have no headers is read out cell by cell and not as a
    table (ISO 14289-1, 7.5), with its caption and what stands across it as headings; a
    heading within a heading is none.
    """
    with pikepdf.open(BytesIO(pdf)) as document:
        paper = list(_paper(document))
        _part_with_furniture(document, {each.objgen for each in paper})
        for element in paper:
            _read_by_cell(element)
            _head_once(element)
        _claim(document)
        return _saved(document)


def _paper(document: pikepdf.Pdf) -> Iterator[Any]:
    """Keep in the structure what <main> holds, and yield its elements."""
    if "/StructTreeRoot" not in document.Root:
        raise UntaggedError("not tagged")
    tree = document.Root.StructTreeRoot.K[0]
    tree.K = Array([part for part in tree.K if part.S == _MAIN])
    if not len(tree.K):
        raise UntaggedError("no <main>")
    for part in tree.K:
        yield from _elements(part)


def _elements(element: Any) -> Iterator[Any]:
    yield element
    for kid in element.get("/K", ()):
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield from _elements(kid)


def _part_with_furniture(document: pikepdf.Pdf, paper: set[tuple[int, int]]) -> None:
    """Unmark on each page what belongs to no element of the paper."""
    numbers = document.Root.StructTreeRoot.ParentTree.Nums
    marked = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
    for page in document.pages:
        parents = marked[int(page.obj.StructParents)]
        furniture = {at for at, parent in enumerate(parents) if parent.objgen not in paper}
        for at in furniture:
            parents[at] = None
        page.obj.Contents = document.make_stream(_redrawn(page, furniture))


def _redrawn(page: pikepdf.Page, furniture: set[int]) -> bytes:
    """Return a page's drawing with the marked content of these numbers as artifacts."""
    drawing: list[Any] = list(pikepdf.parse_content_stream(page))
    middle = float(page.mediabox[3]) / 2 / _PIXEL
    for at, (operands, operator) in enumerate(drawing):
        if operator == Operator("BDC") and int(operands[1].get("/MCID", -1)) in furniture:
            side = Name.Header if _top(drawing[at:]) < middle else Name.Footer
            kind = Dictionary(Type=Name.Pagination, Subtype=side)
            drawing[at] = ContentStreamInstruction([Name.Artifact, kind], operator)
    return pikepdf.unparse_content_stream(drawing)


def _top(drawing: Iterable[Any]) -> float:
    """Return how far below the page's top the next text or picture stands, in CSS pixels."""
    places = (operands[5] for operands, operator in drawing if str(operator) in {"Tm", "cm"})
    return float(next(places))


def _read_by_cell(element: Any) -> None:
    if element.S != "/Table" or any(map(_has_columns, _elements(element))):
        return
    for each in list(_elements(element)):
        if str(each.S) in _NO_TABLE:
            each.S = Name(_NO_TABLE[str(each.S)])
            for key in {"/A", "/ID"} & set(each.keys()):  # columns spanned, headers
                del each[key]


def _has_columns(element: Any) -> bool:
    """Tell whether this is a row of a true table: with a header, and not across the whole."""
    cells = [str(cell.S) for cell in element.K] if element.S == "/TR" else []
    return len(cells) > 1 and "/TH" in cells


def _head_once(element: Any) -> None:
    if str(element.S) in _HEADINGS:
        for inside in islice(_elements(element), 1, None):
            if inside.S == element.S:
                inside.S = Name.NonStruct


def _claim(document: pikepdf.Pdf) -> None:
    told = document.Root.Metadata.read_bytes()
    if told.count(_END) != 1:
        raise UntaggedError("no XMP of WeasyPrint")
    document.Root.Metadata = document.make_stream(
        told.replace(_END, _CLAIM + _END), Type=Name.Metadata, Subtype=Name.XML
    )


def _saved(document: pikepdf.Pdf) -> bytes:
    out = BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()

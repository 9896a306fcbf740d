"""What a person opens without us: pages with their styles in them, no script, no address."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from django.conf import settings
from django.db.models import Field, QuerySet
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.text import capfirst

from archive import filing
from archive.models import Record
from archive.models.custody import FOLDER
from archive.queries import custody
from archive.services.moving import names, tables

PAGE = 1000  # records on a page of the index
# Tables that a record's page shows in a way of their own; of others it shows every row and column.
_SHOWN = {"recordcertificate", "recordfile", "recordorigin", "recordevent", "custodyentry"}
_CELLS = (
    *("file_number", "case_number", "kind", "state", "office_code", "office_name", "officer"),
    *("surname", "given_name", "jmbg", "document_number"),
    *("decided_on", "filed_on", "retained_until"),
)
_OWN_TITLES = {"jmbg": "ЈМБГ", "document_number": "Број личне карте"}


def record(
    shown: Record, owned: Mapping[str, Sequence[Any]], files: Mapping[str, tables.File]
) -> bytes:
    """Return a record's page; what it links lies beside it."""
    holders = custody.holders(owned["custodyentry"])
    by_hash = {each.sha256: name for name, each in files.items()}
    return _page(
        "record",
        {
            "up": "../../",
            "record": shown,
            "certificates": [
                (each, by_hash.get(each.sha256, "")) for each in owned["recordcertificate"]
            ],
            "files": [(each, by_hash.get(each.sha256, "")) for each in owned["recordfile"]],
            "pictures": [name for name in files if "-picture" in name],
            "signatures": list(filing.signed(shown.signatures, owned["recordfile"])),
            "custody": owned["custodyentry"],
            "holders": holders,
            "in_folder": bool(holders) and holders[0].kind == FOLDER,
            "loan": next((each for each in owned["loan"] if each.returned_at is None), None),
            "events": owned["recordevent"],
            "others": list(_others(owned)),
        },
    )


def index(alphabetical: "QuerySet[Record]") -> Iterator[tuple[str, bytes]]:
    """Yield the pages of the index, the first of all at the end: it names the others."""
    ranges: list[dict[str, str]] = []
    rows: list[Record] = []
    count = 0
    for one in alphabetical.iterator(chunk_size=PAGE):
        rows.append(one)
        count += 1
        if len(rows) == PAGE:
            yield _part(rows, ranges)
            rows = []
    if rows:
        yield _part(rows, ranges)
    yield "index.html", _page("index", {"ranges": ranges, "count": count})


def column_titles() -> list[str]:
    """Return the first line of `records.csv`."""
    with translation.override(settings.LANGUAGE_CODE):
        return [_title(name) for name in _CELLS] + [translation.gettext("folder")]


def cells(shown: Record) -> Iterator[str]:
    columns = [Record._meta.get_field(name) for name in _CELLS]  # noqa: SLF001
    with translation.override(settings.LANGUAGE_CODE):
        yield from [_cell(shown, cast("Field[Any, Any]", each)) for each in columns]


def _part(rows: Sequence[Record], ranges: list[dict[str, str]]) -> tuple[str, bytes]:
    name = f"index/{len(ranges) + 1:04}.html"
    ranges.append({"name": name, "first": rows[0].person, "last": rows[-1].person})
    return name, _page(
        "part", {"up": "../", "rows": [(each, names.of_record(each)) for each in rows]}
    )


def _page(template: str, context: Mapping[str, object]) -> bytes:
    with translation.override(settings.LANGUAGE_CODE):
        return render_to_string(f"archive/export/{template}.html", dict(context)).encode()


def _others(owned: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, object]]:
    """Yield the rows of tables that have no place of their own on the page, column by column."""
    for table in tables.OF_RECORD:
        if table.name in _SHOWN or not owned[table.name]:
            continue
        columns = [each for each in table.model._meta.concrete_fields if not each.primary_key]  # noqa: SLF001
        with translation.override(settings.LANGUAGE_CODE):
            yield {
                "title": capfirst(str(table.model._meta.verbose_name_plural)),  # noqa: SLF001
                "columns": [capfirst(str(each.verbose_name)) for each in columns],
                "rows": [[_cell(row, each) for each in columns] for row in owned[table.name]],
            }


def _cell(row: Any, column: "Field[Any, Any]") -> str:
    shown = getattr(row, f"get_{column.name}_display", None)
    value = shown() if shown else getattr(row, column.attname)
    return "" if value is None else str(value)


def _title(name: str) -> str:
    column = Record._meta.get_field(name)  # noqa: SLF001 - documented by Django
    return _OWN_TITLES.get(name) or capfirst(str(getattr(column, "verbose_name", name)))

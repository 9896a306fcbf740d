"""Which tables belong to the archive when it moves, and how: the one place that says so.

A model of the archive stands in EVERYTHING, in AUDIT or in LEFT_OUT; tests hold this together, so
that no table is forgotten when one is added.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from archive import addresses, models, vault
from archive.services.moving import names


@dataclass(frozen=True)
class File:
    """A file of the store that a row names; its name is for people, below the record's folder."""

    sha256: str
    name: str  # with its suffix
    media_type: str


def _by_column(row: Any) -> Iterator[File]:
    """Name files that have no better names by their column."""
    for each in addresses.columns():
        if isinstance(row, each.model) and getattr(row, each.field):
            name = f"{each.model._meta.model_name}/{row.pk}-{each.field}.bin"  # noqa: SLF001 - documented by Django
            yield File(getattr(row, each.field), name, "application/octet-stream")


@dataclass(frozen=True)
class Table:
    """How the rows of a model move: all columns, sealed ones opened, under the ids that they have.

    `record` is the way from a row to its record ("record", "event__record"; "pk" of the record
    itself), empty where the rows belong to none. `made_anew` are columns that are another
    installation's there: what is keyed by its keys. `seeded` rows stand in a new database already
    and make room for those that come.
    """

    model: type[Model]
    record: str = ""
    files: Callable[[Any], Iterator[File]] = _by_column
    made_anew: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    seeded: bool = False
    joined: tuple[str, ...] = ()  # rows that `files` looks at besides

    @property
    def name(self) -> str:
        return str(self.model._meta.model_name)  # noqa: SLF001 - documented by Django


def _paper(row: models.RecordFile) -> Iterator[File]:
    yield File(row.sha256, f"{_stem(row)}{names.suffix(row.media_type)}", row.media_type)


def _picture(row: models.RecordOrigin) -> Iterator[File]:
    """Name what the scanner made of a page; those of a scan are numbered when they are written."""
    yield File(row.picture, f"{_stem(row.file)}-picture{names.suffix(row.media)}", row.media)


def _stem(row: models.RecordFile) -> str:
    edition = "" if row.edition == row.Edition.PRINTED else f"-{row.edition}"
    return f"papers/{row.position + 1:02}-{names.part(row.kind)}-{row.copy}{edition}"


def _certificate(row: models.RecordCertificate) -> Iterator[File]:
    name = f"certificates/{names.part(row.role)}-{row.serial}.cer"
    yield File(row.sha256, name, "application/pkix-cert")


def _evidence(row: models.RecordEvidence) -> Iterator[File]:
    yield File(row.sha256, f"evidence/{row.path}", "application/octet-stream")


def _document(row: models.DisposalDocument) -> Iterator[File]:
    yield File(row.sha256, f"{row.kind}{names.suffix(row.media_type)}", row.media_type)


def _token(kind: str, value: str) -> str:
    """Find by our keys what was found by others; nothing is found of a record that is destroyed."""
    return vault.token(kind, value) if value else ""


RECORD = Table(
    models.Record,
    "pk",
    made_anew={
        "jmbg_token": lambda row: _token("jmbg", row.jmbg),
        "document_token": lambda row: _token("document", row.document_number),
    },
)
EVERYTHING = (
    Table(models.CategoryList, seeded=True),
    Table(models.Category, seeded=True),
    Table(models.CategoryRule, seeded=True),
    Table(models.ListApplication),
    Table(models.Book),
    Table(models.BookEntry),
    Table(models.Place),
    RECORD,
    Table(models.RecordCertificate, "record", _certificate),
    Table(models.CertificateConcerned, "record"),
    Table(models.RecordFile, "record", _paper),
    Table(models.RecordOrigin, "file__record", _picture, joined=("file",)),
    Table(models.RecordEvidence, "record", _evidence),
    Table(models.RecordEvent, "record"),
    Table(models.Loan, "record"),
    Table(models.CustodyEntry, "record"),
    Table(models.PlaceCheck),
    Table(models.Hold),
    Table(models.Hold.records.through, "record"),
    Table(models.HoldReview),
    Table(models.Disposal),
    Table(models.DisposalItem, "record"),
    Table(models.DisposalStep),
    Table(models.DisposalDocument, files=_document),
    Table(models.BookStrike),
    Table(models.Counter),
)
"""In this order: a row comes after those that it names."""

AUDIT = (models.AuditEvent, models.AuditPrivate, models.AuditHead)
"""Moves as streams of events, each with its private part and salt (see `events`)."""

LEFT_OUT: dict[type[Model], str] = {
    models.FixityRound: "of the files in this store: how often they were verified",
    models.FixityFinding: "of the files in this store: which were damaged or missing",
    models.SavedSearch: "an account's own, and accounts do not move",
    models.Blob: "locks of the files in this store; made anew as files are put",
    models.Export: "what leaves this installation, and when; the audit tells it",
    models.Import: "how far an import into this installation has come; the audit tells its end",
}

OF_RECORD = tuple(table for table in EVERYTHING if table.record not in ("", "pk"))

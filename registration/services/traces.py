"""Where a case holds its person: which columns of which rows, and what stays there afterwards."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet

from archive import addresses
from registration.models import (
    Application,
    BodyMessage,
    CardDiagnosis,
    CardReading,
    Certificate,
    IdentityCheck,
    Issuance,
    Mark,
    Packet,
    Paper,
    PaperScan,
    PaperSeal,
    Sheet,
    Signature,
    Stack,
    Unblocking,
)


@dataclass(frozen=True)
class Trace:
    """Rows of a case that tell of its person; without `left` the rows themselves go."""

    kind: str  # as the audit names it
    model: type[Model]
    case: tuple[str, ...]  # how the rows lead to the case, each way
    left: dict[str, Any] | None = None  # column → what stands there afterwards

    def rows(self, case: Application) -> QuerySet[Any]:
        ways = Q()
        for way in self.case:
            ways |= Q(**{way: case.pk})
        found = self.model._default_manager.filter(ways)  # noqa: SLF001 - documented by Django
        return self.model._default_manager.filter(pk__in=found.values("pk"))  # noqa: SLF001


_SHEET = ("page__paper__application", "behind__paper__application")

TRACES = (
    Trace(
        "applicant",
        Application,
        ("pk",),
        {
            "full_name": "",
            "name_folded": "",
            "applicant": {},
            "jmbg_token": "",
            "document_token": "",
            "reported_by": "",
            "contract_waiver": "",
            "closing_reason": "",
        },
    ),
    Trace("identity", IdentityCheck, ("application",), {"document": {}, "note": ""}),
    Trace(
        "card",
        CardReading,
        ("application",),
        {"card": None, "certificates": None, "failure_facts": {}},
    ),
    Trace("diagnosis", CardDiagnosis, ("application",)),
    Trace(
        "making",
        Issuance,
        ("application",),
        {
            "subject": [],
            "email": "",
            "card": {},
            "request": "",
            "public_key": None,
            "challenge": None,
            "proof": None,
            "progress": {},
            "failure_facts": {},
        },
    ),
    Trace("certificate", Certificate, ("application",), {"pem": ""}),
    Trace("body messages", BodyMessage, ("issuance__application",)),
    Trace(
        "unblocking",
        Unblocking,
        ("application",),
        {"card": {}, "statement": "", "progress": {}, "failure_facts": {}},
    ),
    Trace("marks", Mark, tuple(f"sheet__{way}" for way in _SHEET)),
    Trace(
        "sheets",
        Sheet,
        _SHEET,
        {"original": "", "picture": "", "facts": {}, "scanned": {}, "placing": None},
    ),
    Trace("signatures", Signature, ("paper__application",), {"signer": "", "witness": ""}),
    Trace("scans", PaperScan, ("paper__application",), {"sha256": ""}),
    Trace("seals", PaperSeal, ("paper__application",), {"sha256": "", "source": ""}),
    Trace("papers", Paper, ("application",), {"sha256": "", "superseded_reason": ""}),
    Trace("packets", Packet, ("application",), {"merged": "", "reason": ""}),
    Trace("scanner's files", Stack, tuple(f"sheets__{way}" for way in _SHEET), {"name": "—"}),
)


def files(case: Application) -> set[str]:
    """Return every file of the store that the counter names for a case."""
    found: set[str] = set()
    for trace in TRACES:
        for column in addresses.columns():
            if column.model is trace.model:
                found |= set(trace.rows(case).values_list(column.field, flat=True))
    return {each for each in found if addresses.ADDRESS.fullmatch(each)}


def wipe(case: Application) -> list[str]:
    """Empty the columns, delete the rows; return the kinds of which there were any."""
    return [trace.kind for trace in TRACES if _wiped(trace, case)]


def _wiped(trace: Trace, case: Application) -> int:
    rows = trace.rows(case)
    if trace.left is None:
        deleted, _by_model = rows.delete()
        return deleted
    return rows.update(**trace.left)

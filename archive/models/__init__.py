"""The archive's tables, a file per noun."""

from archive.models.audit import AuditEvent, AuditHead, AuditPrivate
from archive.models.blobs import Blob
from archive.models.certificates import RecordCertificate
from archive.models.disposals import (
    Disposal,
    DisposalCounter,
    DisposalDocument,
    DisposalItem,
    DisposalStep,
)
from archive.models.holds import Hold, HoldReview
from archive.models.fixity import FixityFinding, FixityRound
from archive.models.records import Record, RecordEvent, RecordFile, RecordOrigin

__all__ = [
    "AuditEvent",
    "AuditHead",
    "AuditPrivate",
    "Disposal",
    "DisposalCounter",
    "DisposalDocument",
    "DisposalItem",
    "DisposalStep",
    "Hold",
    "HoldReview",
    "Blob",
    "FixityFinding",
    "FixityRound",
    "Record",
    "RecordCertificate",
    "RecordEvent",
    "RecordFile",
    "RecordOrigin",
]

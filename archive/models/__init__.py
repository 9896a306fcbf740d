"""The archive's tables, a file per noun."""

from archive.models.audit import AuditEvent, AuditHead, AuditPrivate
from archive.models.blobs import Blob
from archive.models.certificates import RecordCertificate
from archive.models.evidence import RecordEvidence
from archive.models.fixity import FixityFinding, FixityRound
from archive.models.records import Record, RecordEvent, RecordFile, RecordOrigin

__all__ = [
    "AuditEvent",
    "AuditHead",
    "AuditPrivate",
    "Blob",
    "FixityFinding",
    "FixityRound",
    "Record",
    "RecordCertificate",
    "RecordEvent",
    "RecordEvidence",
    "RecordFile",
    "RecordOrigin",
]

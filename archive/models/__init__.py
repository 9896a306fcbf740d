"""The archive's tables, a file per noun."""

from archive.models.audit import AuditEvent, AuditHead, AuditPrivate
from archive.models.blobs import Blob
from archive.models.certificates import RecordCertificate
from archive.models.moves import Export, Import
from archive.models.records import Record, RecordEvent, RecordFile, RecordOrigin

__all__ = [
    "AuditEvent",
    "AuditHead",
    "AuditPrivate",
    "Blob",
    "Export",
    "Import",
    "Record",
    "RecordCertificate",
    "RecordEvent",
    "RecordFile",
    "RecordOrigin",
]

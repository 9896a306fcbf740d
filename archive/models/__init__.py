"""The archive's tables, a file per noun."""

from archive.models.audit import AuditEvent, AuditHead, AuditPrivate
from archive.models.certificates import RecordCertificate
from archive.models.records import Record, RecordEvent, RecordFile
from archive.models.searches import SavedSearch

__all__ = [
    "AuditEvent",
    "AuditHead",
    "AuditPrivate",
    "Record",
    "RecordCertificate",
    "RecordEvent",
    "RecordFile",
    "SavedSearch",
]

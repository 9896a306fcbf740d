"""The archive's tables, a file per noun."""

from archive.models.audit import AuditEvent, AuditHead, AuditPrivate
from archive.models.records import Record, RecordEvent, RecordFile

__all__ = ["AuditEvent", "AuditHead", "AuditPrivate", "Record", "RecordEvent", "RecordFile"]

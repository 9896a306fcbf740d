"""The archive's tables, a file per noun."""

from archive.models.audit import AuditEvent, AuditHead, AuditPrivate

__all__ = ["AuditEvent", "AuditHead", "AuditPrivate"]

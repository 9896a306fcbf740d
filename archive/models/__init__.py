"""The archive's tables, a file per noun."""

from archive.models.audit import AuditEvent, AuditHead, AuditPrivate
from archive.models.certificates import RecordCertificate
from archive.models.counters import Counter
from archive.models.custody import CustodyEntry, Loan
from archive.models.places import Place, PlaceCheck
from archive.models.records import Record, RecordEvent, RecordFile
from archive.models.searches import SavedSearch

__all__ = [
    "AuditEvent",
    "AuditHead",
    "AuditPrivate",
    "Counter",
    "CustodyEntry",
    "Loan",
    "Place",
    "PlaceCheck",
    "Record",
    "RecordCertificate",
    "RecordEvent",
    "RecordFile",
    "SavedSearch",
]

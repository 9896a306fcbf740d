"""The archive's tables, a file per noun."""

from archive.models.audit import AuditEvent, AuditHead, AuditPrivate
from archive.models.book import Book, BookEntry, BookStrike
from archive.models.categories import Category, CategoryList, CategoryRule, ListApplication
from archive.models.certificates import CertificateConcerned, RecordCertificate
from archive.models.counters import Counter
from archive.models.custody import CustodyEntry, Loan
from archive.models.places import Place, PlaceCheck
from archive.models.records import Record, RecordEvent, RecordFile

__all__ = [
    "AuditEvent",
    "AuditHead",
    "AuditPrivate",
    "Book",
    "BookEntry",
    "BookStrike",
    "Category",
    "CategoryList",
    "CategoryRule",
    "CertificateConcerned",
    "Counter",
    "CustodyEntry",
    "ListApplication",
    "Loan",
    "Place",
    "PlaceCheck",
    "Record",
    "RecordCertificate",
    "RecordEvent",
    "RecordFile",
]

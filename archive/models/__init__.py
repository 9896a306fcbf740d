"""The archive's tables, a file per noun."""

from archive.models.audit import AuditEvent, AuditHead, AuditPrivate
from archive.models.blobs import Blob
from archive.models.book import Book, BookEntry, BookStrike
from archive.models.categories import Category, CategoryList, CategoryRule, ListApplication
from archive.models.certificates import CertificateConcerned, RecordCertificate
from archive.models.disposals import (
    Disposal,
    DisposalCounter,
    DisposalDocument,
    DisposalItem,
    DisposalStep,
)
from archive.models.fixity import FixityFinding, FixityRound
from archive.models.holds import Hold, HoldReview
from archive.models.records import Record, RecordEvent, RecordFile, RecordOrigin

__all__ = [
    "AuditEvent",
    "AuditHead",
    "AuditPrivate",
    "Blob",
    "Book",
    "BookEntry",
    "BookStrike",
    "Category",
    "CategoryList",
    "CategoryRule",
    "CertificateConcerned",
    "Disposal",
    "DisposalCounter",
    "DisposalDocument",
    "DisposalItem",
    "DisposalStep",
    "FixityFinding",
    "FixityRound",
    "Hold",
    "HoldReview",
    "ListApplication",
    "Record",
    "RecordCertificate",
    "RecordEvent",
    "RecordFile",
    "RecordOrigin",
]

"""The archive's tables, a file per noun."""

from archive.models.audit import AuditEvent, AuditHead, AuditPrivate
from archive.models.blobs import Blob
from archive.models.book import Book, BookEntry, BookStrike
from archive.models.categories import Category, CategoryList, CategoryRule, ListApplication
from archive.models.certificates import CertificateConcerned, RecordCertificate
from archive.models.counters import Counter
from archive.models.custody import CustodyEntry, Loan
from archive.models.disposals import Disposal, DisposalDocument, DisposalItem, DisposalStep
from archive.models.evidence import RecordEvidence
from archive.models.fixity import FixityFinding, FixityRound
from archive.models.holds import Hold, HoldReview
from archive.models.moves import Export, Import
from archive.models.places import Place, PlaceCheck
from archive.models.records import Record, RecordEvent, RecordFile, RecordOrigin
from archive.models.searches import SavedSearch

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
    "Counter",
    "CustodyEntry",
    "Disposal",
    "DisposalDocument",
    "DisposalItem",
    "DisposalStep",
    "Export",
    "FixityFinding",
    "FixityRound",
    "Hold",
    "HoldReview",
    "Import",
    "ListApplication",
    "Loan",
    "Place",
    "PlaceCheck",
    "Record",
    "RecordCertificate",
    "RecordEvent",
    "RecordEvidence",
    "RecordFile",
    "RecordOrigin",
    "SavedSearch",
]

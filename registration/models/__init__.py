"""The counter's tables, a file per noun."""

from registration.models.applications import Application, IdentityCheck
from registration.models.bodies import BodyHealth
from registration.models.body_messages import BodyMessage
from registration.models.days import DaySheet
from registration.models.desks import CardReading, Desk, DeskMessage
from registration.models.diagnoses import CardDiagnosis
from registration.models.issuances import (
    Certificate,
    Evidence,
    Handover,
    Issuance,
    JournalEntry,
)
from registration.models.notices import LetterRun, Notice
from registration.models.papers import Packet, Page, Paper, Signature
from registration.models.published import PublishedStatus
from registration.models.scans import Mark, PaperScan, Sheet, Stack
from registration.models.seals import PaperSeal
from registration.models.status_requests import StatusEntry, StatusRequest
from registration.models.unblockings import Unblocking, UnblockingEntry
from registration.models.users import Office, User
from registration.models.wording import PaperVersion, TextBlock

__all__ = [
    "Application",
    "BodyHealth",
    "BodyMessage",
    "CardDiagnosis",
    "CardReading",
    "Certificate",
    "DaySheet",
    "Desk",
    "DeskMessage",
    "Evidence",
    "Handover",
    "IdentityCheck",
    "Issuance",
    "JournalEntry",
    "LetterRun",
    "Mark",
    "Notice",
    "Office",
    "Packet",
    "Page",
    "Paper",
    "PaperScan",
    "PaperSeal",
    "PaperVersion",
    "PublishedStatus",
    "Sheet",
    "Signature",
    "Stack",
    "StatusEntry",
    "StatusRequest",
    "TextBlock",
    "Unblocking",
    "UnblockingEntry",
    "User",
]

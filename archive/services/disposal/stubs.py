"""What is left of a record that was destroyed: numbers, days, office, kind, and by which act."""

from django.utils import timezone

from archive.models import AuditPrivate, Disposal, DisposalItem, Record
from archive.search import index
from archive.services import audit
from archive.services.keeping import book
from archive.services.paper import custody

GONE = {
    "surname": "",
    "given_name": "",
    "sort_key": "",
    "jmbg": "",
    "jmbg_token": "",
    "document_number": "",
    "document_token": "",
    "email": "",
    "signatures": [],
    "stated": {},
    "officer": "",
    "filed_by": "",
}
"""The columns of a record that say something of a person, and what stands there afterwards."""


def erase(record: Record, of: Disposal) -> None:
    """Take everything of a person from a record that is locked, in the open transaction.

    Its number and the log's chain stay; what the log said of the person goes, which the chain
    survives.
    """
    custody.destroyed(record, by=None, reason=of.act_number)
    book.destroyed([record], of.act_number, of.act_on or timezone.localdate(), by=None)
    record.files.all().delete()
    record.certificates.all().delete()
    record.evidence.all().delete()
    record.concerned.all().delete()
    record.events.all().delete()
    record.holds.clear()
    DisposalItem.objects.filter(record=record).update(reason="")
    AuditPrivate.objects.filter(
        event__subject__in=(record.file_number, record.case_number)
    ).delete()
    for name, empty in GONE.items():
        setattr(record, name, empty)
    record.state = Record.State.DESTROYED
    record.destroyed_on, record.destruction_act = of.act_on, of.act_number
    record.save()
    index.write(record.entry())  # its numbers, by which the stub is found
    facts = {"act": of.act_number, "disposal": of.number, "approval": of.approval_number}
    audit.append("record.destroyed", subject=record.file_number, by=None, facts=facts)

"""The record of a filed case: self-contained, names as text, files by their hash."""

import re

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive import addresses, codes, masking, retention, vault
from archive.models.book import BookEntry
from archive.models.categories import Category
from archive.models.places import Place
from archive.search.words import Entry, Said, of_record

COUNTER_NUMBER = re.compile(r"\d{9}")


class Record(models.Model):
    """What was decided and for whom; it needs no table of the counter."""

    class State(models.TextChoices):
        ISSUED = "issued", _("issued")
        PERFORMED = "performed", _("performed")
        WITHDRAWN = "withdrawn", _("withdrawn")
        REFUSED = "refused", _("refused")
        DESTROYED = "destroyed", _("destroyed")

    class Kind(models.TextChoices):
        ISSUE = "issue", _("Issuing of a certificate")
        RENEW = "renew", _("Renewal of a certificate")
        UNBLOCK = "unblock", _("Unblocking of a PIN")
        STATUS = "status", _("Change of a certificate's status")

    ANCHORS = [
        (retention.Anchor.EXPIRY.value, _("the last certificate expires")),
        (retention.Anchor.REVOCATION.value, _("the last certificate was revoked")),
        (retention.Anchor.CHAIN.value, _("the last certificate of the renewal chain ends")),
        (retention.Anchor.PERFORMED.value, _("the request was performed")),
        (retention.Anchor.DECISION.value, _("the case was decided")),
    ]

    reference = models.CharField(max_length=60, unique=True)
    case_number = models.CharField(_("case number"), max_length=30, unique=True)
    file_number = models.CharField(_("file number"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    state = models.CharField(_("outcome"), max_length=20, choices=State)

    office_code = models.CharField(_("office"), max_length=12, db_index=True)
    office_name = models.CharField(_("office"), max_length=200)
    officer = models.CharField(_("officer"), max_length=200)
    decided_on = models.DateField(_("decided on"), db_index=True)
    filed_on = models.DateField(_("filed on"), db_index=True)
    filed_at = models.DateTimeField(_("filed at"))
    filed_by = models.CharField(max_length=150)

    surname = models.CharField(_("surname"), max_length=100)
    given_name = models.CharField(_("given name"), max_length=100)
    sort_key = models.CharField(max_length=410, db_index=True)
    jmbg = vault.SealedTextField()
    jmbg_token = models.CharField(max_length=73, db_index=True)
    document_number = vault.SealedTextField()
    document_token = models.CharField(max_length=73, db_index=True)
    email = vault.SealedTextField()
    signatures = vault.SealedJSONField()  # list of filing.FiledSignature
    # What the form said of the person, address and contact too, in the counter's own words; empty
    # until the counter drops its copy. Read back by the counter alone.
    stated = vault.SealedJSONField(default=dict)

    # Where the folder of the retained papers belongs, also while it is lent.
    folder_code = models.CharField(max_length=codes.LENGTH, unique=True, default=codes.folder)
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="records"
    )

    # Of the list in force when it was filed, else of one applied later; None: filed elsewhere.
    category = models.ForeignKey(
        Category,
        verbose_name=_("category"),
        on_delete=models.PROTECT,
        null=True,
        related_name="records",
    )
    book_entry = models.ForeignKey(
        BookEntry, on_delete=models.PROTECT, null=True, related_name="records"
    )
    retention_years = models.PositiveSmallIntegerField(_("years to keep"), null=True)
    retention_anchor = models.CharField(_("counted from"), max_length=20, choices=ANCHORS)
    retention_event = models.DateField(_("that day"))
    retained_until = models.DateField(_("kept until"), null=True, db_index=True)  # None: for ever

    # Of a record that was disposed of: numbers, days and office stay, everything else is gone.
    destroyed_on = models.DateField(_("destroyed on"), null=True)
    destruction_act = models.CharField(_("record of destruction"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        ordering = ["sort_key", "id"]
        permissions = [("view_every_office", "Can view the records of every office")]
        indexes = [  # for what was filed last, in all offices and in one
            models.Index(fields=["-filed_at", "-id"], name="record_filed"),
            models.Index(fields=["office_code", "-filed_at", "-id"], name="record_filed_office"),
        ]

    def __str__(self) -> str:
        return self.file_number

    @property
    def destroyed(self) -> bool:
        return self.state == self.State.DESTROYED

    @property
    def term(self) -> retention.Term:
        anchor = retention.Anchor(self.retention_anchor)
        return retention.Term(anchor, self.retention_event, self.retention_years)

    @property
    def masked_jmbg(self) -> str:
        return masking.jmbg(self.jmbg)

    @property
    def masked_document(self) -> str:
        return masking.document(self.document_number)

    @property
    def person(self) -> str:
        return f"{self.surname} {self.given_name}"

    @property
    def shown_case_number(self) -> str:
        """Write 260000123, as the counter numbers its cases, as 26-0000123."""
        number = self.case_number
        return f"{number[:2]}-{number[2:]}" if COUNTER_NUMBER.fullmatch(number) else number

    def paper(self) -> tuple[int, int]:
        """Return how many copies the office keeps on paper, and how many pages they have."""
        if any(each.holder == "destroyed" for each in self.custody.all()):
            return 0, 0
        pages = [each.pages for each in self.files.all() if each.on_paper]
        return len(pages), sum(pages)

    @property
    def shown_folder_code(self) -> str:
        return codes.spaced(self.folder_code)

    def entry(self) -> Entry:
        """Return the record's line in the index: stamped values and what people typed."""
        certificates = self.certificates.all()
        said = Said(
            name=self.person,
            case_number=self.case_number,
            file_number=self.file_number,
            jmbg_token=self.jmbg_token,
            document_token=self.document_token,
            office_code=self.office_code,
            office_name=self.office_name,
            officer=self.officer,
            kind=self.kind,
            state=self.state,
            decided_on=self.decided_on,
            filed_on=self.filed_on,
            serials=tuple(serial for each in certificates for serial in (each.serial, each.renews)),
            papers=tuple(file.kind for file in self.files.all()),
            valid_from=tuple(timezone.localdate(each.valid_from) for each in certificates),
            valid_until=tuple(timezone.localdate(each.valid_until) for each in certificates),
            place=self.place_id,
            notes=tuple(event.note for event in self.events.all() if event.typed),
        )
        return Entry(self.pk, self.sort_key, of_record(said))


SEALED = ("jmbg", "document_number", "email", "signatures", "stated")
"""The sealed columns of a record: whoever reads many leaves them closed."""


class RecordFile(models.Model):
    """An edition of a copy of a paper: who has it, and its bytes."""

    class Edition(models.TextChoices):
        PRINTED = "printed", _("as printed")
        SCANNED = "scanned", _("scanned as signed")
        SEALED = "sealed", _("sealed electronically")

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="files")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    copy = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    sha256 = addresses.AddressField(db_index=True)
    size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField()
    media_type = models.CharField(max_length=60)
    retained = models.BooleanField()  # by the office; else handed over to the citizen

    edition = models.CharField(max_length=10, choices=Edition, default=Edition.PRINTED)
    # Of a sealed edition alone: it begins with the bytes of the printed one.
    sealed_by = models.CharField(max_length=200, blank=True)  # name in the seal's certificate
    sealed_at = models.DateTimeField(null=True)
    seal_level = models.CharField(max_length=5, blank=True)  # of ETSI EN 319 142-1: "B-LTA", …

    class Meta:
        ordering = ["position", "edition"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "kind", "copy", "edition"], name="one_file_per_edition"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.copy}"

    @property
    def on_paper(self) -> bool:
        """Tell whether the office keeps this copy on paper."""
        return self.retained and self.edition == self.Edition.PRINTED

    @property
    def sealed(self) -> bool:
        return self.edition == self.Edition.SEALED


class RecordOrigin(models.Model):
    """Where a page of a scanned edition came from: its picture, its place in a scanner's file."""

    file = models.ForeignKey(RecordFile, on_delete=models.CASCADE, related_name="origins")
    picture = addresses.AddressField(db_index=True)  # what the scanner made of the page
    media = models.CharField(max_length=60)
    stack = models.CharField(max_length=64)  # SHA-256 of the scanner's file, which is destroyed
    number = models.PositiveIntegerField()  # of the page in that file

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.file} {self.number}"


class RecordEvent(models.Model):
    """Something that happened to the case or to its record; rows are only ever added."""

    class Kind(models.TextChoices):
        CASE = "case", _("case")
        FILED = "filed", _("filed")
        CERTIFICATE_ENDED = "ended", _("certificate ended")
        CERTIFICATE_PAUSED = "paused", _("certificate suspended or reactivated")
        CERTIFICATE_RENEWED = "renewed", _("certificate renewed")
        RETENTION = "retention", _("term of keeping")
        HELD = "held", _("held")
        RELEASED = "released", _("hold lifted")

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.CharField(max_length=300)  # event of the case, reason
    actor = models.CharField(max_length=150)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.text}"

    @property
    def typed(self) -> bool:
        """Tell whether its note was written by a person."""
        return self.kind == self.Kind.CASE

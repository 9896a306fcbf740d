"""What scanners brought: stacks, their pages, what the machine saw and what an officer said."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from archive.addresses import AddressField
from registration.models.papers import Page, Paper, Signature
from registration.models.users import Office


class Stack(models.Model):
    """A file from a scanner; its bytes stay in the spool until nothing of it waits any more."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits to be read")
        READING = "reading", _("is being read")
        READ = "read", _("read")
        REFUSED = "refused", _("cannot be read")
        CLOSED = "closed", _("all decided, file destroyed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="stacks")
    name = models.CharField(max_length=200)  # as the scanner called the file
    spooled = models.CharField(max_length=32)  # name in archive.spool
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()  # bytes
    pages = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    failure = models.CharField(max_length=20, blank=True)  # code of intake.errors
    failure_facts = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(  # None: it lay in the watched folder
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    moved_at = models.DateTimeField()  # when reading last went on

    class Meta:
        ordering = ["-received_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "sha256"],
                condition=~models.Q(state__in=["refused", "closed"]),
                name="one_open_stack_per_file",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Sheet(models.Model):
    """One page of a stack: which page of ours it is, its picture, where the print lies in it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits to be read")
        NAMED = "named", _("waits for confirmation")
        TRAY = "tray", _("which page this is must be said")
        REFUSED = "refused", _("does not count")
        FAILED = "failed", _("cannot be read")
        CONFIRMED = "confirmed", _("confirmed")
        SET_ASIDE = "set-aside", _("set aside")  # by a person, or for a better scan
        BLANK = "blank", _("empty back")

    stack = models.ForeignKey(Stack, on_delete=models.PROTECT, related_name="sheets")
    number = models.PositiveIntegerField()  # in the stack, from 1
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=20, blank=True)  # why not named: a code
    facts = models.JSONField(default=dict)  # of the reason
    page = models.ForeignKey(Page, on_delete=models.PROTECT, null=True, related_name="sheets")
    behind = models.ForeignKey(  # a page of the request that the citizen brought: its cover's page
        Page, on_delete=models.PROTECT, null=True, related_name="brought"
    )
    assigned_by = models.ForeignKey(  # who said which page it is, where no code did
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    bundle = models.CharField(max_length=32, blank=True)  # in archive.spool: pictures, cuts
    original = AddressField(blank=True, db_index=True)  # once confirmed
    picture = AddressField(blank=True, db_index=True)  # where the original is no picture
    scanned = models.JSONField(default=dict)  # media, width, height, dpi, turn
    placing = models.JSONField(null=True)  # intake.placing.Placing
    altered = models.PositiveIntegerField(default=0)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        ordering = ["stack", "number"]
        constraints = [
            models.UniqueConstraint(fields=["stack", "number"], name="one_sheet_per_number"),
            models.UniqueConstraint(
                fields=["page"],
                condition=models.Q(state="confirmed"),
                name="one_confirmed_sheet_per_page",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stack} {self.number}"

    @property
    def place(self) -> Page | None:
        """Return the page that the sheet shows, or the cover behind which it is kept."""
        return self.page or self.behind


class Mark(models.Model):
    """A place on a sheet as the machine saw it, and what a person said it is."""

    class Kind(models.TextChoices):
        SIGNATURE = "signature", _("signature")
        SEAL = "seal", _("seal")
        OPTION = "option", _("circled option")
        ALTERATION = "alteration", _("change of the printed text")

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=10, blank=True)  # role; kind of the alteration
    answer = models.CharField(max_length=10)  # the machine's: signed, unsure, empty; a number
    zone = models.JSONField()  # left, top, width, height in mm of the printed page
    facts = models.JSONField(default=dict)
    cut = AddressField(db_index=True)  # name in the bundle, until the sheet is confirmed
    said = models.CharField(max_length=10, blank=True)  # the person's answer
    signature = models.OneToOneField(
        Signature, on_delete=models.PROTECT, null=True, related_name="mark"
    )

    class Meta:
        ordering = ["sheet", "pk"]

    def __str__(self) -> str:
        return f"{self.sheet} {self.kind} {self.name}"


class PaperScan(models.Model):
    """The scan of a whole paper: one searchable PDF/A of its confirmed sheets."""

    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, related_name="scan")
    sha256 = AddressField(db_index=True)
    size = models.PositiveBigIntegerField()
    pages = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.paper)

"""Disposals: what is to be destroyed, who said so at each step, what became of every record."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archive import addresses
from archive.disposal import LIVE, Item, Obstacle, State
from archive.models.records import Record

OBSTACLES = {
    Obstacle.DESTROYED: _("destroyed already"),
    Obstacle.HELD: _("held"),
    Obstacle.ON_LOAN: _("on loan"),
    Obstacle.KEPT: _("the term has not run out"),
    Obstacle.TAKEN: _("in another disposal"),
    Obstacle.NOT_ENTERED: _("has no number in the archive book yet"),
}


class Disposal(models.Model):
    """One list of records on its way to destruction; the way is `archive.disposal.STEPS`."""

    STATES = [
        (State.PROPOSED.value, _("before the commission")),
        (State.LISTED.value, _("list agreed")),
        (State.REQUESTED.value, _("at the public archive")),
        (State.APPROVED.value, _("approved by the public archive")),
        (State.COOLING.value, _("confirmed, waits")),
        (State.WITNESSED.value, _("paper destroyed")),
        (State.DESTROYING.value, _("being destroyed")),
        (State.DESTROYED.value, _("destroyed")),
        (State.CANCELLED.value, _("cancelled")),
    ]

    number = models.CharField(_("number"), max_length=20, unique=True)  # 3/2042
    state = models.CharField(_("state"), max_length=12, choices=STATES, db_index=True)
    note = models.CharField(_("remark"), max_length=500, blank=True)

    approval_number = models.CharField(_("number of the approval"), max_length=60, blank=True)
    approval_on = models.DateField(_("date of the approval"), null=True)
    cooling_until = models.DateTimeField(_("may be destroyed from"), null=True)
    paper_on = models.DateField(_("paper destroyed on"), null=True)
    paper_way = models.CharField(
        _("way in which the paper was destroyed"), max_length=200, blank=True
    )
    act_number = models.CharField(
        _("number of the record of destruction"), max_length=20, blank=True
    )
    act_on = models.DateField(_("destroyed on"), null=True)

    class Meta:
        verbose_name = _("disposal")
        verbose_name_plural = _("disposals")
        ordering = ["-id"]
        permissions = [
            ("propose_disposal", "Can propose disposals and ask the public archive"),
            ("review_disposal", "Can review disposals and witness destruction"),
            ("confirm_disposal", "Can enter the approval and confirm destruction"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["act_number"], condition=~Q(act_number=""), name="one_act_per_number"
            )
        ]

    def __str__(self) -> str:
        return self.number


class DisposalItem(models.Model):
    """A record of a disposal, and what was said of it."""

    STATES = [
        (Item.PENDING.value, _("not decided")),
        (Item.ACCEPTED.value, _("to be destroyed")),
        (Item.REJECTED.value, _("rejected")),
        (Item.LATER.value, _("later")),
        (Item.EXCLUDED.value, _("not approved by the public archive")),
        (Item.SPARED.value, _("spared")),
        (Item.RELEASED.value, _("released")),
        (Item.ERASING.value, _("being destroyed")),
        (Item.DESTROYED.value, _("destroyed")),
    ]

    disposal = models.ForeignKey(Disposal, on_delete=models.PROTECT, related_name="items")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="disposals")
    state = models.CharField(max_length=12, choices=STATES, default=Item.PENDING.value)
    reason = models.CharField(max_length=300, blank=True)  # why not, or why later
    obstacle = models.CharField(max_length=12, blank=True)  # of a spared one
    decided_by = models.CharField(max_length=150, blank=True)
    outcome = models.CharField(max_length=20)  # the record's state before it was destroyed
    copies = models.PositiveSmallIntegerField(default=0)  # on paper, which were destroyed
    pages = models.PositiveIntegerField(default=0)  # of these
    addresses = models.JSONField(default=list)  # of files that go, until they are gone

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["disposal", "record"], name="once_per_disposal"),
            models.UniqueConstraint(
                fields=["record"],
                condition=Q(state__in=sorted(each.value for each in LIVE)),
                name="one_live_disposal_of_record",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.disposal_id} {self.record_id}"

    def remark(self) -> str:
        """Return why the record is not destroyed, in the reader's language.

        A spared one that counts copies had lost its paper before.
        """
        if self.state == Item.SPARED:
            why = str(OBSTACLES[Obstacle(self.obstacle)])
            left = gettext("its paper was destroyed before, its files stay")
            return f"{why}; {left}" if self.copies else why
        return self.reason or (self.get_state_display() if self.state == Item.EXCLUDED else "")


class DisposalStep(models.Model):
    """Who took which step when; rows are only ever added. A decision has a row for each member."""

    disposal = models.ForeignKey(Disposal, on_delete=models.PROTECT, related_name="steps")
    name = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    by_name = models.CharField(max_length=200)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.disposal_id} {self.name}"


class DisposalDocument(models.Model):
    """What was made of a disposal and is kept: nobody's personal data stands in it."""

    class Kind(models.TextChoices):
        REQUEST = "request", _("Request to the public archive")
        LIST = "list", _("List of records")
        ACT = "act", _("Record of destruction")

    disposal = models.ForeignKey(Disposal, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=10, choices=Kind)
    sha256 = addresses.AddressField(db_index=True)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=80)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["disposal", "kind"], name="one_document_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.disposal_id} {self.kind}"

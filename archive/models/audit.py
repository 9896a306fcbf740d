"""The audit as it is kept: chained events, what is private in them, the head of every stream."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from archive import chain, vault


class AuditEvent(models.Model):
    """One event of a stream; the database refuses to change or delete it (see `triggers`)."""

    stream = models.CharField(_("stream"), max_length=60)
    number = models.PositiveBigIntegerField(_("number"))
    at = models.DateTimeField(_("at"))
    event = models.CharField(_("event"), max_length=80)
    subject = models.CharField(_("subject"), max_length=120, db_index=True)
    actor = models.CharField(_("actor"), max_length=150)
    facts = models.JSONField(_("facts"))
    commitment = models.CharField(max_length=64, blank=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ["stream", "number"]
        constraints = [
            models.UniqueConstraint(fields=["stream", "number"], name="one_event_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.number} {self.event}"

    def link(self) -> chain.Link:
        """Return the row as the chain sees it."""
        event = chain.Event(
            stream=self.stream,
            number=self.number,
            at=chain.moment(self.at),
            event=self.event,
            subject=self.subject,
            actor=self.actor,
            facts=self.facts,
            commitment=self.commitment,
        )
        return chain.Link(event, self.previous, self.hash)


class AuditPrivate(models.Model):
    """Personal data of an event, beside the chain: deleting it leaves the chain whole."""

    event = models.OneToOneField(
        AuditEvent, on_delete=models.PROTECT, related_name="private", primary_key=True
    )
    salt = models.BinaryField(max_length=32)
    data = vault.SealedJSONField()

    def __str__(self) -> str:
        return f"private part of {self.event_id}"


class AuditHead(models.Model):
    """The last event of a stream; its row is the lock under which the stream grows."""

    stream = models.CharField(max_length=60, primary_key=True)
    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=chain.START)
    # How far the signed heads are, for who has to decide whether work may go on; proves nothing.
    signed = models.PositiveBigIntegerField(default=0)
    unsigned_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.stream} {self.number}"

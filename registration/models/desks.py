"""The counters' machines: desks, what was said to and by them, cards they read."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from archive import vault
from registration.models.users import Office


class Desk(models.Model):
    """A counter PC with a reader, known by the public halves of its keys."""

    class PrintOrder(models.TextChoices):
        SIGNING = "signing", _("in the order of signing")
        COPIES = "copies", _("what stays first, then what goes home")

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="desks", verbose_name=_("office")
    )
    public_keys = models.JSONField(_("public keys"))
    active = models.BooleanField(_("active"), default=True)
    print_order = models.CharField(
        _("order of printing"), max_length=10, choices=PrintOrder, default=PrintOrder.SIGNING
    )
    duplex = models.BooleanField(
        _("prints on both sides"),
        default=False,
        help_text=_("Each paper then begins on a sheet of its own."),
    )
    last_sent = models.PositiveBigIntegerField(default=0, editable=False)
    last_accepted = models.PositiveBigIntegerField(default=0, editable=False)
    seen_at = models.DateTimeField(_("last seen"), null=True, editable=False)
    reader = models.CharField(_("reader"), max_length=200, blank=True, editable=False)
    card_present = models.BooleanField(_("card present"), default=False, editable=False)
    agent_version = models.CharField(_("version"), max_length=40, blank=True, editable=False)
    health = models.JSONField(_("health"), default=dict, editable=False)  # services/health.py

    class Meta:
        verbose_name = _("desk")
        verbose_name_plural = _("desks")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class DeskMessage(models.Model):
    """An accepted message of a desk: its id makes a repeated one known. Bodies are not kept."""

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="messages")
    message_id = models.CharField(max_length=32, unique=True)
    sequence = models.PositiveBigIntegerField()
    type = models.CharField(max_length=40)
    conversation = models.CharField(max_length=40, blank=True)
    accepted_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.desk_id} {self.type} {self.message_id}"


class CardReading(models.Model):
    """One reading of the identity applet at a desk, asked for by an officer."""

    class Result(models.TextChoices):
        WAITING = "waiting", _("waiting for the desk")
        READ = "read", _("read")
        FAILED = "failed", _("failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT)
    application = models.ForeignKey(
        "registration.Application",
        on_delete=models.PROTECT,
        null=True,
        related_name="card_readings",
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    asked_at = models.DateTimeField(auto_now_add=True)
    result = models.CharField(max_length=10, choices=Result, default=Result.WAITING)
    answered_at = models.DateTimeField(null=True)
    card = vault.SealedJSONField(null=True)
    authenticity = models.CharField(max_length=20, blank=True)
    # The holder's certificates on it: [{role, serial, issuer, until}]; null where nobody looked.
    certificates = models.JSONField(null=True)
    differences = models.JSONField(default=list)  # names of fields that differ from the application
    failure_code = models.CharField(max_length=60, blank=True)
    failure_facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["asked_at"]

    def __str__(self) -> str:
        return f"{self.id} {self.result}"

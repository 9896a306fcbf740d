"""Notices that certificates expire: by e-mail or letter, each exactly once."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from archive.addresses import AddressField
from registration.models.applications import Application
from registration.models.users import Office


class LetterRun(models.Model):
    """Letters that were printed together, with the list of whom they go to."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="letter_runs")
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    printed_at = models.DateTimeField()
    sha256 = AddressField(db_index=True)  # of the PDF

    class Meta:
        ordering = ["-printed_at"]

    def __str__(self) -> str:
        return f"{self.office_id} {self.printed_at:%Y-%m-%d}"


class Notice(models.Model):
    """One notice of one case, so many days before its certificates or the card end.

    The address is read from the case when it is needed, and kept nowhere else.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        LETTER = "letter", _("letter")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        UNCERTAIN = "uncertain", _("perhaps sent")  # never again: it may have arrived
        NOT_NEEDED = "not-needed", _("not needed any more")

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="notices", verbose_name=_("case")
    )
    ends_on = models.DateField(_("last day"))  # of certificate or card, whichever is first
    days = models.PositiveSmallIntegerField(_("days before"))
    channel = models.CharField(_("way"), max_length=6, choices=Channel)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    due_at = models.DateTimeField(_("next try"), db_index=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    failure = models.CharField(_("failure"), max_length=60, blank=True)  # the last one's code
    done_at = models.DateTimeField(_("done"), null=True)
    run = models.ForeignKey(LetterRun, on_delete=models.PROTECT, null=True, related_name="notices")

    class Meta:
        verbose_name = _("notice of the expiry")
        verbose_name_plural = _("notices of the expiry")
        ordering = ["ends_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "ends_on", "days"], name="one_notice_of_each_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.days}"

"""Which printed papers get an electronic seal, how far that is, and what hinders it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from archive.addresses import AddressField
from registration.models.papers import Paper


class PaperSeal(models.Model):
    """The one seal of a paper that was filed: asked for with the filing, made afterwards."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SEALED = "sealed", _("sealed")
        FAILED = "failed", _("not sealed")

    paper = models.OneToOneField(
        Paper, on_delete=models.PROTECT, related_name="seal", verbose_name=_("Paper")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    source = AddressField(db_index=True)  # of what is to be sealed
    requested_at = models.DateTimeField(_("asked for"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    due_at = models.DateTimeField(_("next try"), db_index=True)
    claimed_until = models.DateTimeField(null=True)  # a worker is at it, or was and got lost

    failure_code = models.CharField(_("failure"), max_length=60, blank=True)
    failure_kind = models.CharField(max_length=40, blank=True)  # name in registration.seals.errors
    failure_facts = models.JSONField(default=dict)
    stops = models.BooleanField(_("stops the sealing"), default=False)  # of all other papers too

    sha256 = AddressField("SHA-256", blank=True, db_index=True)  # of the sealed file
    size = models.PositiveIntegerField(default=0)
    level = models.CharField(_("level"), max_length=5, blank=True)
    sealer = models.CharField(_("seal of"), max_length=200, blank=True)
    sealed_at = models.DateTimeField(_("sealed"), null=True)

    class Meta:
        verbose_name = _("electronic seal")
        verbose_name_plural = _("electronic seals")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="sealed") | models.Q(size__gt=0),
                name="a_sealed_paper_had_its_file",
            )
        ]

    def __str__(self) -> str:
        return f"{self.paper.application}, {self.paper.title} {self.paper.copy}"

"""What the papers say: versions of each kind, and their blocks of text."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from registration.models.papers import Paper


class PaperVersion(models.Model):
    """One wording of one kind of paper; once approved it never changes.

    `author` is empty where the version came with the product.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("being written")
        PROPOSED = "proposed", _("waits for approval")
        APPROVED = "approved", _("approved")

    kind = models.CharField(_("paper"), max_length=10, choices=Paper.Kind)
    code = models.CharField(_("version"), max_length=3)
    name = models.CharField(_("short name"), max_length=200)
    title = models.CharField(_("title"), max_length=300)
    valid_from = models.DateField(_("valid from"))
    expected = models.JSONField(_("signatures"), default=list)  # roles that sign each copy
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    approved_at = models.DateTimeField(_("approved"), null=True)

    class Meta:
        verbose_name = _("wording of a paper")
        verbose_name_plural = _("wordings of papers")
        ordering = ["kind", "code"]
        permissions = [("approve_paperversion", "Can approve the wording of a paper")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "code"], name="one_version_per_code"),
            models.CheckConstraint(
                condition=models.Q(author=None) | ~models.Q(author=models.F("approved_by")),
                name="approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.code}"


class TextBlock(models.Model):
    """One piece of a wording, in Cyrillic; `place` is where the layout sets it."""

    class Place(models.TextChoices):
        LEAD = "lead", _("introduction")
        ARTICLE = "article", _("article")
        STATEMENT = "statement", _("statement before the signature")
        NOTE = "note", _("note")

    version = models.ForeignKey(PaperVersion, on_delete=models.CASCADE, related_name="blocks")
    position = models.PositiveSmallIntegerField(_("order"))
    place = models.CharField(_("place"), max_length=10, choices=Place)
    heading = models.CharField(_("heading"), max_length=200, blank=True)
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("block of text")
        verbose_name_plural = _("blocks of text")
        ordering = ["position"]

    def __str__(self) -> str:
        return self.heading or self.text[:40]

"""Searches that people keep for another day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from archive import vault


class SavedSearch(models.Model):
    """What somebody asked, under a name of theirs; both may name a person and are sealed."""

    owner = models.CharField(_("owner"), max_length=150)  # of the account
    name = vault.SealedTextField()
    name_token = models.CharField(max_length=73)
    typed = vault.SealedJSONField()  # as it stood in the form: field → text
    saved_at = models.DateTimeField(_("saved"), auto_now_add=True)

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name_token"], name="one_search_of_a_name")
        ]
        permissions = [("export_list", "Can export lists of records")]

    def __str__(self) -> str:
        return f"search {self.pk}"

"""How certification bodies were when they were asked last."""

from django.db import models


class BodyHealth(models.Model):
    """The last word on whether a body can be asked, and since when it has been so."""

    body = models.CharField(max_length=40, blank=True, unique=True)  # empty: the default one
    ok = models.BooleanField()
    reason = models.CharField(max_length=60, blank=True)  # why it is not well
    since = models.DateTimeField()  # it has been well, or has not
    asked_at = models.DateTimeField()

    class Meta:
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.body or '-'} {self.reason or 'ok'}"

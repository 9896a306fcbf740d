"""Asks certification bodies how they are, and keeps the last word: pages never wait for them."""

from django.db import transaction

from registration.models import BodyHealth
from registration.queries import bodies


def ask(name: str) -> None:
    """Ask one body, outside of any transaction, and keep what it said and since when it does."""
    answer = bodies.health(name)
    fresh = {
        "ok": answer.ok,
        "reason": answer.detail[:60],
        "since": answer.at,
        "asked_at": answer.at,
    }
    with transaction.atomic():
        row, made = BodyHealth.objects.select_for_update().get_or_create(body=name, defaults=fresh)
        if made or row.asked_at > answer.at:  # another worker asked later
            return
        if row.ok == answer.ok:
            del fresh["since"]
        BodyHealth.objects.filter(pk=row.pk).update(**fresh)

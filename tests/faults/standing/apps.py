"""Lets whatever program of the server loads it stand still at the steps of the journal."""

from typing import Any

from django.apps import AppConfig
from django.db import transaction

from tests.faults import stops


class StandingConfig(AppConfig):
    name = "tests.faults.standing"

    def ready(self) -> None:
        if stops.given():
            from registration.services import journal  # noqa: PLC0415 no models before this moment

            write, at = journal.write, stops.own().at

            def standing(issuance: Any, kind: Any, step: str, **facts: Any) -> Any:
                entry = write(issuance, kind, step, **facts)
                name = f"{kind} {step} {issuance.role}"
                at(f"{name}, before the commit")
                transaction.on_commit(lambda: at(f"{name}, after the commit"))
                return entry

            journal.write = standing

"""The counter as a Django application, and the administration that carries its reports."""

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.contrib.admin import apps as admin
from django.core import checks
from django.db import connection
from django.db.models import Model
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from registration import ca
from registration.ca import keys, profiles
from registration.ca.errors import CAError

_NAME = re.compile(r"[a-z][a-z0-9]*")


class RegistrationConfig(AppConfig):
    name = "registration"
    verbose_name = _("Counter")

    def ready(self) -> None:
        """Bring the papers' wording with the tables that hold it, as Django brings permissions."""
        post_migrate.connect(_load_papers, sender=self)


def _load_papers(sender: AppConfig, **_options: Any) -> None:
    """Do nothing where another application alone is migrated before our tables are there."""
    if not _is_migrated(sender.get_model("PaperVersion")):
        return
    wording = import_module("registration.services.wording")  # needs the models to be there
    wording.load_shipped()


def _is_migrated(model: type[Model]) -> bool:
    return model._meta.db_table in connection.introspection.table_names()  # noqa: SLF001


@checks.register
def key_type(**_options: Any) -> Iterable[checks.CheckMessage]:
    """Stop at the start what would else stop at the first card."""
    if settings.OVERA["KEY_TYPE"] not in keys.CARD_KINDS:
        known = ", ".join(keys.CARD_KINDS)
        yield checks.Error(f"OVERA['KEY_TYPE'] is none of {known}.", id="registration.E001")


@checks.register
def profile_family(**_options: Any) -> Iterable[checks.CheckMessage]:
    if settings.OVERA["PROFILES"] not in profiles.FAMILIES:
        known = ", ".join(profiles.FAMILIES)
        yield checks.Error(f"OVERA['PROFILES'] is none of {known}.", id="registration.E002")


@checks.register
def bodies(**_options: Any) -> Iterable[checks.CheckMessage]:
    """Stop at the start what would else stop at the first certificate."""
    for name, own in settings.OVERA["BODIES"].items():
        if not _NAME.fullmatch(name):
            said = f"OVERA_BODIES: “{name}” is no name; write small letters and digits of English."
            yield checks.Error(said, id="registration.E003")
        elif not _is_known(own):
            said = f"OVERA_BODY_{name.upper()} names no connector that can be used here."
            yield checks.Error(said, id="registration.E004")
    for code, name in settings.OVERA["BODY_OF_OFFICE"].items():
        if name not in settings.OVERA["BODIES"]:
            said = (
                f"OVERA_BODIES_OF_OFFICES gives office {code} the body “{name}”, which OVERA_BODIES"
                " does not name."
            )
            yield checks.Error(said, id="registration.E005")


def _is_known(own: Mapping[str, Any]) -> bool:
    try:
        ca.connect({**settings.OVERA, **own})
    except CAError as fault:  # what else is wrong with it, the administration says
        return fault.reason != "connector-not-known"
    return True


@checks.register(checks.Tags.database)
def offices(databases: Sequence[str] | None = None, **_options: Any) -> Iterable[Any]:
    """Refuse an office that is not there: `migrate`, and `check --database default`, ask."""
    named = set(settings.OVERA["BODY_OF_OFFICE"])
    office = apps.get_model("registration", "Office")
    if not (named and databases) or not _is_migrated(office):
        return
    for code in sorted(named - set(office.objects.values_list("code", flat=True))):
        said = f"OVERA_BODIES_OF_OFFICES names office {code}, which is not there. Correct the code."
        yield checks.Error(said, id="registration.E006")


class AdministrationConfig(admin.AdminConfig):
    default = False
    default_site = "registration.site.OveraSite"

"""The counter as a Django application, and the administration that carries its reports."""

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin import apps as admin
from django.core import checks
from django.db import connection
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from registration.ca import keys, profiles


class RegistrationConfig(AppConfig):
    name = "registration"
    verbose_name = _("Counter")

    def ready(self) -> None:
        """Bring the papers' wording with the tables that hold it, as Django brings permissions."""
        post_migrate.connect(_load_papers, sender=self)


def _load_papers(sender: AppConfig, **_options: Any) -> None:
    """Do nothing where another application alone is migrated before our tables are there."""
    table = sender.get_model("PaperVersion")._meta.db_table  # noqa: SLF001
    if table not in connection.introspection.table_names():
        return
    wording = import_module("registration.services.wording")  # needs the models to be there
    wording.load_shipped()


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


class AdministrationConfig(admin.AdminConfig):
    default = False
    default_site = "registration.site.OveraSite"

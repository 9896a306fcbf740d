"""The counter as a Django application, and the administration that carries its reports."""

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin import apps as admin
from django.core import checks
from django.utils.translation import gettext_lazy as _

from registration.ca import keys


class RegistrationConfig(AppConfig):
    name = "registration"
    verbose_name = _("Counter")


@checks.register
def key_type(**_options: Any) -> Iterable[checks.CheckMessage]:
    """Stop at the start what would else stop at the first card."""
    if settings.OVERA["KEY_TYPE"] not in keys.CARD_KINDS:
        known = ", ".join(keys.CARD_KINDS)
        yield checks.Error(f"OVERA['KEY_TYPE'] is none of {known}.", id="registration.E001")


class AdministrationConfig(admin.AdminConfig):
    default = False
    default_site = "registration.site.OveraSite"

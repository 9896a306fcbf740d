"""The counter as a Django application, and the administration that carries its reports."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy as _


class RegistrationConfig(AppConfig):
    name = "registration"
    verbose_name = _("Counter")


class AdministrationConfig(admin.AdminConfig):
    default = False
    default_site = "registration.site.OveraSite"

"""The archive as a Django application."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ArchiveConfig(AppConfig):
    name = "archive"
    verbose_name = _("Archive")

    def ready(self) -> None:
        """Bring the first list of categories with the tables, as Django brings permissions."""
        post_migrate.connect(_load_categories, sender=self)


def _load_categories(sender: AppConfig, **_options: Any) -> None:
    table = sender.get_model("CategoryRule")._meta.db_table  # noqa: SLF001
    if table in connection.introspection.table_names():
        # needs the models to be there
        categories = import_module("archive.services.keeping.categories")
        categories.load_shipped()

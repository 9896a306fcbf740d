"""The full-text index."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from archive.search import index


def create(_: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(index.CREATE)


def drop(_: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(index.DROP)


class Migration(migrations.Migration):
    dependencies = [("archive", "0002_records")]

    operations = [migrations.RunPython(create, drop)]

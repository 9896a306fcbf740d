"""The full-text index."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from archive.search import index


def create(_: Apps, __: BaseDatabaseSchemaEditor) -> None:
    index.create()


def drop(_: Apps, __: BaseDatabaseSchemaEditor) -> None:
    index.drop()


class Migration(migrations.Migration):
    dependencies = [("archive", "0002_records")]

    operations = [migrations.RunPython(create, drop)]

"""An index of lexemes instead of one of columns; filled by `manage.py index_records`."""

from django.apps.registry import Apps
from django.db import connection, migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from archive.search import index
from archive.search.index import Table


def renew(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """Leave none where there are records: one that lacks them would say that they do not exist."""
    if Table.SERVING in index.tables() and "sort_key" in _columns():
        return
    index.drop()
    if not apps.get_model("archive", "Record").objects.exists():
        index.create()
        index.complete()


def _columns() -> set[str]:
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, Table.SERVING)
    return {column.name for column in described}


class Migration(migrations.Migration):
    dependencies = [("archive", "0012_renewed_certificates")]

    operations = [migrations.RunPython(renew, migrations.RunPython.noop)]

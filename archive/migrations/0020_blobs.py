from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def into_rows(apps: Any, schema_editor: Any) -> None:
    """Give each page of a scan a row of its own: its picture is a file that the row names."""
    files = apps.get_model("archive", "RecordFile").objects.exclude(pages_of_scan=[])
    origin = apps.get_model("archive", "RecordOrigin")
    for file in files.iterator():
        origin.objects.bulk_create(origin(file=file, **each) for each in file.pages_of_scan)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def into_json(apps: Any, schema_editor: Any) -> None:
    names = ("picture", "media", "stack", "number")
    for file in (
        apps.get_model("archive", "RecordFile").objects.filter(origins__isnull=False).distinct()
    ):
        file.pages_of_scan = list(file.origins.order_by("pk").values(*names))
        file.save(update_fields=["pages_of_scan"])
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("archive", "0019_holds_and_disposals")]

    operations = [
        migrations.CreateModel(
            name="Blob",
            fields=[
                (
                    "sha256",
                    models.CharField(
                        max_length=64, primary_key=True, serialize=False, verbose_name="SHA-256"
                    ),
                ),
                ("dropped_at", models.DateTimeField(db_index=True, null=True)),
            ],
        ),
        migrations.AlterField(
            model_name="recordcertificate",
            name="sha256",
            field=models.CharField(db_index=True, max_length=64, verbose_name="SHA-256"),
        ),
        migrations.RenameField("recordfile", "origins", "pages_of_scan"),
        migrations.CreateModel(
            name="RecordOrigin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("picture", models.CharField(db_index=True, max_length=64)),
                ("media", models.CharField(max_length=60)),
                ("stack", models.CharField(max_length=64)),
                ("number", models.PositiveIntegerField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="origins",
                        to="archive.recordfile",
                    ),
                ),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.RunPython(into_rows, into_json),
        migrations.RemoveField("recordfile", "pages_of_scan"),
    ]

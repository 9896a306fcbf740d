"""The audit: events, their private parts, heads, and the triggers that keep them as they are."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import archive.vault
from archive import triggers


def create_triggers(_: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        triggers.create(cursor, schema_editor.connection.vendor)


def drop_triggers(_: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        triggers.drop(cursor, schema_editor.connection.vendor)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stream", models.CharField(max_length=60, verbose_name="stream")),
                ("number", models.PositiveBigIntegerField(verbose_name="number")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("event", models.CharField(max_length=80, verbose_name="event")),
                (
                    "subject",
                    models.CharField(db_index=True, max_length=120, verbose_name="subject"),
                ),
                ("actor", models.CharField(max_length=150, verbose_name="actor")),
                ("facts", models.JSONField(verbose_name="facts")),
                ("commitment", models.CharField(blank=True, max_length=64)),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "audit event",
                "verbose_name_plural": "audit events",
                "ordering": ["stream", "number"],
            },
        ),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("stream", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("number", models.PositiveBigIntegerField(default=0)),
                (
                    "hash",
                    models.CharField(
                        default="0000000000000000000000000000000000000000000000000000000000000000",
                        max_length=64,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AuditPrivate",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="private",
                        serialize=False,
                        to="archive.auditevent",
                    ),
                ),
                ("salt", models.BinaryField(max_length=32)),
                ("data", archive.vault.SealedJSONField()),
            ],
        ),
        migrations.AddConstraint(
            model_name="auditevent",
            constraint=models.UniqueConstraint(
                fields=("stream", "number"), name="one_event_per_number"
            ),
        ),
        migrations.RunPython(create_triggers, drop_triggers),
    ]

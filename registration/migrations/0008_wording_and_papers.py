"""The wording of papers in the database; papers know their case and count one by one."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def name_the_case(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """A paper of a superseded print run counts no more, for the reason of the next run."""
    packets = apps.get_model("registration", "Packet").objects
    for packet in packets.order_by("application", "run").iterator():
        following = packets.filter(application=packet.application, run=packet.run + 1).first()
        packet.papers.update(
            application=packet.application,
            superseded_at=packet.superseded_at,
            superseded_reason=following.reason if packet.superseded_at and following else "",
        )


class Migration(migrations.Migration):
    dependencies = [
        ("registration", "0007_one_open_case"),
    ]

    operations = [
        migrations.CreateModel(
            name="PaperVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("request", "Request (form 1)"),
                            ("cover", "Cover of the request brought by the citizen"),
                            ("terms", "General terms"),
                            ("contract", "Contract"),
                            ("unblock", "Request to unblock the PIN (form 2)"),
                            ("status", "Request to change the status (form 3)"),
                            ("receipt", "Receipt of the hand-over"),
                            ("reprint", "Cover of a reprint"),
                            ("folder", "Label of a folder"),
                            ("box", "Label of a box"),
                        ],
                        max_length=10,
                        verbose_name="paper",
                    ),
                ),
                ("code", models.CharField(max_length=3, verbose_name="version")),
                ("name", models.CharField(max_length=200, verbose_name="short name")),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("expected", models.JSONField(default=list, verbose_name="signatures")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "being written"),
                            ("proposed", "waits for approval"),
                            ("approved", "approved"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("approved_at", models.DateTimeField(null=True, verbose_name="approved")),
            ],
            options={
                "verbose_name": "wording of a paper",
                "verbose_name_plural": "wordings of papers",
                "ordering": ["kind", "code"],
                "permissions": [("approve_paperversion", "Can approve the wording of a paper")],
            },
        ),
        migrations.CreateModel(
            name="TextBlock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="order")),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("lead", "introduction"),
                            ("article", "article"),
                            ("statement", "statement before the signature"),
                            ("note", "note"),
                        ],
                        max_length=10,
                        verbose_name="place",
                    ),
                ),
                ("heading", models.CharField(blank=True, max_length=200, verbose_name="heading")),
                ("text", models.TextField(verbose_name="text")),
            ],
            options={
                "verbose_name": "block of text",
                "verbose_name_plural": "blocks of text",
                "ordering": ["position"],
            },
        ),
        migrations.AddField(
            model_name="page",
            name="zones",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="paper",
            name="application",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="papers",
                to="registration.application",
            ),
        ),
        migrations.AddField(
            model_name="paper",
            name="superseded_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="paper",
            name="superseded_reason",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="paper",
            name="way",
            field=models.CharField(
                choices=[("stamped", "stamped"), ("rendered", "laid out anew")],
                default="rendered",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="paper",
            name="kind",
            field=models.CharField(
                choices=[
                    ("request", "Request (form 1)"),
                    ("cover", "Cover of the request brought by the citizen"),
                    ("terms", "General terms"),
                    ("contract", "Contract"),
                    ("unblock", "Request to unblock the PIN (form 2)"),
                    ("status", "Request to change the status (form 3)"),
                    ("receipt", "Receipt of the hand-over"),
                    ("reprint", "Cover of a reprint"),
                    ("folder", "Label of a folder"),
                    ("box", "Label of a box"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="paperversion",
            name="approved_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="approved by",
            ),
        ),
        migrations.AddField(
            model_name="paperversion",
            name="author",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="written by",
            ),
        ),
        migrations.AddField(
            model_name="textblock",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="blocks",
                to="registration.paperversion",
            ),
        ),
        migrations.AddConstraint(
            model_name="paperversion",
            constraint=models.UniqueConstraint(
                fields=("kind", "code"), name="one_version_per_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="paperversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("author", None),
                    models.Q(("author", models.F("approved_by")), _negated=True),
                    _connector="OR",
                ),
                name="approved_by_another",
            ),
        ),
        migrations.RunPython(name_the_case, migrations.RunPython.noop),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("archive", "0018_records_in_categories")]

    operations = [
        migrations.AddField(
            model_name="record",
            name="destroyed_on",
            field=models.DateField(null=True, verbose_name="destroyed on"),
        ),
        migrations.AddField(
            model_name="record",
            name="destruction_act",
            field=models.CharField(blank=True, max_length=20, verbose_name="record of destruction"),
        ),
        migrations.AlterField(
            model_name="record",
            name="state",
            field=models.CharField(
                choices=[
                    ("issued", "issued"),
                    ("performed", "performed"),
                    ("withdrawn", "withdrawn"),
                    ("refused", "refused"),
                    ("destroyed", "destroyed"),
                ],
                max_length=20,
                verbose_name="outcome",
            ),
        ),
        migrations.AlterField(
            model_name="recordevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("case", "case"),
                    ("filed", "filed"),
                    ("ended", "certificate ended"),
                    ("paused", "certificate suspended or reactivated"),
                    ("renewed", "certificate renewed"),
                    ("retention", "term of keeping"),
                    ("held", "held"),
                    ("released", "hold lifted"),
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Disposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="number")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "before the commission"),
                            ("listed", "list agreed"),
                            ("requested", "at the public archive"),
                            ("approved", "approved by the public archive"),
                            ("cooling", "confirmed, waits"),
                            ("witnessed", "paper destroyed"),
                            ("destroying", "being destroyed"),
                            ("destroyed", "destroyed"),
                            ("cancelled", "cancelled"),
                        ],
                        db_index=True,
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="remark")),
                (
                    "approval_number",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="number of the approval"
                    ),
                ),
                ("approval_on", models.DateField(null=True, verbose_name="date of the approval")),
                (
                    "cooling_until",
                    models.DateTimeField(null=True, verbose_name="may be destroyed from"),
                ),
                ("paper_on", models.DateField(null=True, verbose_name="paper destroyed on")),
                (
                    "paper_way",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        verbose_name="way in which the paper was destroyed",
                    ),
                ),
                (
                    "act_number",
                    models.CharField(
                        blank=True,
                        max_length=20,
                        verbose_name="number of the record of destruction",
                    ),
                ),
                ("act_on", models.DateField(null=True, verbose_name="destroyed on")),
            ],
            options={
                "verbose_name": "disposal",
                "verbose_name_plural": "disposals",
                "ordering": ["-id"],
                "permissions": [
                    ("propose_disposal", "Can propose disposals and ask the public archive"),
                    ("review_disposal", "Can review disposals and witness destruction"),
                    ("confirm_disposal", "Can enter the approval and confirm destruction"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("act_number", ""), _negated=True),
                        fields=("act_number",),
                        name="one_act_per_number",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DisposalStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                ("by_name", models.CharField(max_length=200)),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "disposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="archive.disposal",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ordered_by", models.CharField(max_length=200, verbose_name="who ordered it")),
                (
                    "document_number",
                    models.CharField(max_length=60, verbose_name="number of the document"),
                ),
                ("document_on", models.DateField(verbose_name="date of the document")),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("set_at", models.DateTimeField(verbose_name="set")),
                ("set_by", models.CharField(max_length=150)),
                ("set_by_name", models.CharField(max_length=200)),
                ("reviewer", models.CharField(max_length=150)),
                ("reviewer_name", models.CharField(max_length=200, verbose_name="reviewer")),
                ("review_on", models.DateField(db_index=True, verbose_name="review on")),
                ("lifted_at", models.DateTimeField(null=True, verbose_name="lifted")),
                ("lifted_by", models.CharField(blank=True, max_length=150)),
                ("lifted_by_name", models.CharField(blank=True, max_length=200)),
                (
                    "lifted_reason",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="reason of the lifting"
                    ),
                ),
                (
                    "records",
                    models.ManyToManyField(
                        related_name="holds", to="archive.record", verbose_name="records"
                    ),
                ),
            ],
            options={
                "verbose_name": "hold",
                "verbose_name_plural": "holds",
                "ordering": ["review_on", "id"],
                "permissions": [("lift_hold", "Can review and lift holds")],
            },
        ),
        migrations.CreateModel(
            name="HoldReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                ("by_name", models.CharField(max_length=200)),
                ("note", models.CharField(max_length=500)),
                ("review_on", models.DateField()),
                (
                    "hold",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="archive.hold",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="DisposalDocument",
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
                            ("request", "Request to the public archive"),
                            ("list", "List of records"),
                            ("act", "Record of destruction"),
                        ],
                        max_length=10,
                    ),
                ),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("media_type", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                (
                    "disposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="archive.disposal",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("disposal", "kind"), name="one_document_per_kind"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DisposalItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "not decided"),
                            ("accepted", "to be destroyed"),
                            ("rejected", "rejected"),
                            ("later", "later"),
                            ("excluded", "not approved by the public archive"),
                            ("spared", "spared"),
                            ("released", "released"),
                            ("erasing", "being destroyed"),
                            ("destroyed", "destroyed"),
                        ],
                        default="pending",
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("obstacle", models.CharField(blank=True, max_length=12)),
                ("decided_by", models.CharField(blank=True, max_length=150)),
                ("outcome", models.CharField(max_length=20)),
                ("copies", models.PositiveSmallIntegerField(default=0)),
                ("pages", models.PositiveIntegerField(default=0)),
                ("addresses", models.JSONField(default=list)),
                (
                    "disposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="archive.disposal",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disposals",
                        to="archive.record",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("disposal", "record"), name="once_per_disposal"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["accepted", "erasing", "pending"])),
                        fields=("record",),
                        name="one_live_disposal_of_record",
                    ),
                ],
            },
        ),
    ]

"""Places, the ledger of custody, loans, checks; every record gets room for a code and a place."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("archive", "0014_saved_searches")]

    operations = [
        migrations.AddField(
            model_name="record",
            name="folder_code",
            field=models.CharField(max_length=12, null=True),
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
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Counter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("book", models.CharField(max_length=20)),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("book", "year"), name="one_archive_counter")
                ],
            },
        ),
        migrations.CreateModel(
            name="Loan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(default="folder", max_length=20)),
                ("copy", models.PositiveSmallIntegerField(default=0)),
                ("what", models.CharField(blank=True, max_length=200)),
                ("year", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("borrower", models.CharField(max_length=150, verbose_name="who takes it")),
                (
                    "institution",
                    models.CharField(max_length=200, verbose_name="office or institution"),
                ),
                ("purpose", models.CharField(max_length=300, verbose_name="purpose")),
                ("lent_on", models.DateField(verbose_name="lent on")),
                ("due_on", models.DateField(db_index=True, verbose_name="due on")),
                ("lent_by", models.CharField(max_length=150)),
                ("returned_at", models.DateTimeField(null=True, verbose_name="returned")),
                ("received_by", models.CharField(blank=True, max_length=150)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="loans",
                        to="archive.record",
                    ),
                ),
            ],
            options={
                "verbose_name": "loan",
                "verbose_name_plural": "loans",
                "ordering": ["due_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="Place",
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
                        choices=[("room", "room"), ("shelf", "shelf"), ("box", "box")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("code", models.CharField(max_length=12, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "office_code",
                    models.CharField(
                        blank=True, db_index=True, max_length=12, verbose_name="office"
                    ),
                ),
                ("years", models.CharField(blank=True, max_length=40, verbose_name="years")),
                ("content", models.CharField(blank=True, max_length=120, verbose_name="content")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="archive.place",
                    ),
                ),
            ],
            options={
                "verbose_name": "place",
                "verbose_name_plural": "places",
                "ordering": ["name", "id"],
                "permissions": [
                    ("keep_paper", "Can keep the paper: places, loans, labels, checks")
                ],
            },
        ),
        migrations.CreateModel(
            name="CustodyEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=20)),
                ("copy", models.PositiveSmallIntegerField(default=0)),
                ("what", models.CharField(blank=True, max_length=300)),
                (
                    "holder",
                    models.CharField(
                        choices=[
                            ("office", "the office"),
                            ("citizen", "the citizen"),
                            ("place", "in its place"),
                            ("loan", "lent"),
                            ("destroyed", "destroyed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("where", models.CharField(blank=True, max_length=400)),
                ("since", models.DateTimeField()),
                ("by", models.CharField(blank=True, max_length=150)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="custody",
                        to="archive.record",
                    ),
                ),
                (
                    "loan",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="archive.loan",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="archive.place",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="record",
            name="place",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="records",
                to="archive.place",
            ),
        ),
        migrations.CreateModel(
            name="PlaceCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("begun_at", models.DateTimeField()),
                ("begun_by", models.CharField(max_length=150)),
                ("scanned", models.JSONField(default=list)),
                ("finished_at", models.DateTimeField(null=True)),
                ("finished_by", models.CharField(blank=True, max_length=150)),
                ("result", models.JSONField(null=True)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="archive.place",
                    ),
                ),
            ],
            options={
                "ordering": ["-begun_at", "-id"],
            },
        ),
        migrations.AddConstraint(
            model_name="loan",
            constraint=models.UniqueConstraint(
                fields=("year", "number"), name="one_loan_of_a_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="loan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("returned_at", None)),
                fields=("record",),
                name="one_open_loan_of_a_record",
            ),
        ),
        migrations.AddConstraint(
            model_name="loan",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_on__gte", models.F("lent_on"))),
                name="due_after_it_was_lent",
            ),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.UniqueConstraint(
                fields=("parent", "name"), name="one_place_of_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.UniqueConstraint(
                condition=models.Q(("parent", None)),
                fields=("name", "office_code"),
                name="one_room_of_a_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "room"), ("parent__isnull", False), _connector="OR"),
                name="only_rooms_stand_alone",
            ),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent", models.F("id")), _negated=True),
                name="no_place_in_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="placecheck",
            constraint=models.UniqueConstraint(
                condition=models.Q(("finished_at", None)),
                fields=("place",),
                name="one_open_check_of_a_place",
            ),
        ),
    ]

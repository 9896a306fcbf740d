"""The certificates of records get a table of their own, and those on record are carried over."""

import django.db.models.deletion
from django.db import migrations, models

# Every certificate so far was made for signing.
CARRY_OVER = """
INSERT INTO archive_recordcertificate
    (record_id, role, serial, issuer, valid_from, valid_until, sha256, ended_at, ended_reason)
SELECT id, 'signing', serial, issuer, valid_from, valid_until, certificate_sha256, ended_at,
    ended_reason
FROM archive_record WHERE serial <> '' ORDER BY id
"""
# A record has room for one certificate: of several, for the one that signs.
CARRY_BACK = """
UPDATE archive_record SET serial = one.serial, issuer = one.issuer, valid_from = one.valid_from,
    valid_until = one.valid_until, certificate_sha256 = one.sha256, ended_at = one.ended_at,
    ended_reason = one.ended_reason
FROM archive_recordcertificate AS one
WHERE one.record_id = archive_record.id AND one.role = (
    SELECT max(other.role) FROM archive_recordcertificate AS other
    WHERE other.record_id = archive_record.id
)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("archive", "0006_scanned_editions"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecordCertificate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("signing", "signing"), ("authentication", "authentication")],
                        max_length=20,
                        verbose_name="kind of certificate",
                    ),
                ),
                ("serial", models.CharField(max_length=40, verbose_name="serial number")),
                ("issuer", models.CharField(max_length=300, verbose_name="issuer")),
                ("valid_from", models.DateTimeField(db_index=True, verbose_name="valid from")),
                ("valid_until", models.DateTimeField(db_index=True, verbose_name="valid until")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                (
                    "ended_reason",
                    models.CharField(blank=True, max_length=60, verbose_name="reason of the end"),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="archive.record",
                    ),
                ),
            ],
            options={
                "verbose_name": "certificate",
                "verbose_name_plural": "certificates",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("issuer", "serial"), name="one_record_of_certificate"
                    ),
                    models.UniqueConstraint(
                        fields=("record", "role"), name="one_certificate_per_role"
                    ),
                ],
            },
        ),
        migrations.RunSQL(CARRY_OVER, CARRY_BACK),
    ]

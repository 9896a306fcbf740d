"""What the certificates' own table holds leaves the records."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("archive", "0007_certificates_of_records"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="record", name="one_record_per_certificate"),
        migrations.RemoveField(model_name="record", name="certificate_sha256"),
        migrations.RemoveField(model_name="record", name="ended_at"),
        migrations.RemoveField(model_name="record", name="ended_reason"),
        migrations.RemoveField(model_name="record", name="issuer"),
        migrations.RemoveField(model_name="record", name="serial"),
        migrations.RemoveField(model_name="record", name="valid_from"),
        migrations.RemoveField(model_name="record", name="valid_until"),
        migrations.AlterField(
            model_name="record",
            name="retention_anchor",
            field=models.CharField(
                choices=[
                    ("expiry", "the last certificate expires"),
                    ("revocation", "the last certificate was revoked"),
                    ("decision", "the case was decided"),
                ],
                max_length=20,
                verbose_name="counted from",
            ),
        ),
    ]

"""One paper counts per case, kind and copy, whichever print run it comes from."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registration", "0008_wording_and_papers"),
    ]

    operations = [
        migrations.AlterField(
            model_name="paper",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="papers",
                to="registration.application",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.UniqueConstraint(
                condition=models.Q(("superseded_at", None)),
                fields=("application", "kind", "copy"),
                name="one_current_paper_per_copy",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="packet",
            name="one_current_packet",
        ),
        migrations.RemoveField(
            model_name="packet",
            name="superseded_at",
        ),
    ]

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def begin_as_signed(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Count from here on: the next head covers what is there, as it always did."""
    apps.get_model("archive", "AuditHead").objects.update(signed=F("number"))


class Migration(migrations.Migration):
    dependencies = [("archive", "0021_fixity")]

    operations = [
        migrations.AddField(
            model_name="audithead",
            name="signed",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="audithead",
            name="unsigned_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(begin_as_signed, migrations.RunPython.noop),
    ]

"""A person has one open case; where two are open a person decides which, before the update."""

from django.apps.registry import Apps
from django.core.management.base import CommandError
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

OPEN = ["draft", "issued", "issuing", "printed", "signed"]


def require_one_each(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    cases = apps.get_model("registration", "Application").objects.filter(state__in=OPEN)
    several = cases.values("jmbg_token").annotate(count=models.Count("pk")).filter(count__gt=1)
    tokens = several.order_by().values("jmbg_token")
    numbers = cases.filter(jmbg_token__in=tokens).order_by("jmbg_token", "number")
    if numbers:
        listed = ", ".join(case.number for case in numbers)
        raise CommandError(
            f"Some people have more than one open case: {listed}. With the version that ran until"
            " now, file, withdraw or refuse all but one of each person, then update again."
        )


class Migration(migrations.Migration):
    dependencies = [
        ("registration", "0006_named_fields"),
    ]

    operations = [
        migrations.RunPython(require_one_each, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", OPEN)),
                fields=("jmbg_token",),
                name="one_open_case_per_person",
            ),
        ),
    ]

"""Numbers of cases and files are counted where the records are, so that they move with them."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def hand_over(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    theirs = apps.get_model("archive", "Counter").objects
    for ours in apps.get_model("registration", "Counter").objects.all():
        theirs.update_or_create(book=ours.book, year=ours.year, defaults={"last": ours.last})


def take_back(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    ours = apps.get_model("registration", "Counter").objects
    theirs = apps.get_model("archive", "Counter").objects.filter(book__in=("case", "file"))
    for each in theirs:
        ours.create(book=each.book, year=each.year, last=each.last)
    theirs.delete()


class Migration(migrations.Migration):
    dependencies = [("registration", "0027_files_are_found"), ("archive", "0024_exports")]

    operations = [
        migrations.RunPython(hand_over, take_back),
        migrations.DeleteModel("Counter"),
    ]

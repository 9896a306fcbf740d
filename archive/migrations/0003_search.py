"""The full-text index came here; 0013 makes the one of today."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("archive", "0002_records")]

    operations = []

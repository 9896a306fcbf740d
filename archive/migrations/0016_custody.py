"""Every folder gets its code; what the history said of custody begins the ledger."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from archive import codes

_BATCH = 1000

CARRY_OVER = """
INSERT INTO archive_custodyentry
    (record_id, kind, copy, what, holder, "where", since, "by", reason)
SELECT record_id, '', 0, text, actor, '', at, '', ''
FROM archive_recordevent WHERE kind = 'custody' ORDER BY id
"""
# A paper's custody was named by its title and number.
NAME_PAPERS = """
UPDATE archive_custodyentry SET kind = paper.kind, copy = paper.copy
FROM archive_recordfile AS paper
WHERE paper.record_id = archive_custodyentry.record_id AND paper.edition = 'printed'
    AND paper.title || ' ' || paper.copy = archive_custodyentry.what
"""
# Of a case without a hand-over only the papers themselves said who has them.
OF_PAPERS = """
INSERT INTO archive_custodyentry
    (record_id, kind, copy, what, holder, "where", since, "by", reason)
SELECT paper.record_id, paper.kind, paper.copy, paper.title || ' ' || paper.copy,
    CASE WHEN paper.retained THEN 'office' ELSE 'citizen' END, '', record.filed_at, '', ''
FROM archive_recordfile AS paper JOIN archive_record AS record ON record.id = paper.record_id
WHERE paper.edition = 'printed' AND NOT EXISTS (
    SELECT 1 FROM archive_custodyentry AS entry WHERE entry.record_id = paper.record_id
    AND entry.kind = paper.kind AND entry.copy = paper.copy
) ORDER BY paper.record_id, paper.position
"""
CARRIED = "DELETE FROM archive_recordevent WHERE kind = 'custody'"
CARRY_BACK = """
INSERT INTO archive_recordevent (record_id, at, kind, text, actor, note)
SELECT record_id, since, 'custody', what, holder, '' FROM archive_custodyentry
WHERE holder IN ('office', 'citizen') AND kind <> 'folder' ORDER BY id
"""


def name_folders(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """In steps, so that a large archive does not have to fit into memory."""
    records = apps.get_model("archive", "Record").objects
    last = 0
    while batch := list(records.filter(pk__gt=last).order_by("pk").only("pk")[:_BATCH]):
        for record in batch:
            record.folder_code = codes.folder()
        records.bulk_update(batch, ["folder_code"])
        last = batch[-1].pk


class Migration(migrations.Migration):
    dependencies = [("archive", "0015_places")]

    operations = [
        migrations.RunPython(name_folders, migrations.RunPython.noop),
        migrations.RunSQL([CARRY_OVER, NAME_PAPERS, OF_PAPERS, CARRIED], CARRY_BACK),
        migrations.AlterField(
            model_name="record",
            name="folder_code",
            field=models.CharField(default=codes.folder, max_length=codes.LENGTH, unique=True),
        ),
    ]

"""What stood in the records is carried over, and back: certificates, custody."""

from typing import Any

import pytest
from django.apps.registry import Apps

from archive import codes
from archive.services import records
from tests.archive import cases
from tests.archive.conftest import Officer
from tests.archive.migrating import latest, migrate

__all__ = ["latest"]

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE, AFTER = "0006_scanned_editions", "0008_records_without_certificate"


def stands(apps: Apps) -> list[dict[str, Any]]:
    rows = apps.get_model("archive", "Record").objects.order_by("pk")
    columns = ("serial", "issuer", "valid_from", "valid_until", "certificate_sha256")
    return list(rows.values(*columns, "ended_at", "ended_reason"))


@pytest.mark.usefixtures("latest")
def test_certificates_on_record_are_carried_over_and_back(officer: Officer) -> None:
    two, none = (cases.filing(), cases.filing(certificates=()))
    one = cases.filing(certificates=(cases.certificate(0x77),))
    filed = [records.file(each, by=officer) for each in (two, one, none)]
    records.certificate_ended(filed[1], "77", cases.START, "superseded", by=officer)
    before = stands(migrate(BEFORE))
    assert [row["serial"] for row in before] == [two.certificates[0].serial, "77", ""]
    kept = migrate(AFTER).get_model("archive", "RecordCertificate").objects
    carried = [
        {
            "serial": each.serial,
            "issuer": each.issuer,
            "valid_from": each.valid_from,
            "valid_until": each.valid_until,
            "certificate_sha256": each.sha256,
            "ended_at": each.ended_at,
            "ended_reason": each.ended_reason,
        }
        for each in kept.order_by("record")
    ]
    assert carried == before[:2]
    assert set(kept.values_list("role", flat=True)) == {"signing"}


@pytest.mark.usefixtures("latest")
def test_what_the_history_said_of_custody_begins_the_ledger(officer: Officer) -> None:
    record = records.file(cases.filing(), by=officer)
    columns = ("kind", "copy", "what", "holder")
    told = list(record.custody.order_by("copy", "id").values_list(*columns))
    events = migrate("0012_renewed_certificates").get_model("archive", "RecordEvent").objects
    events.filter(kind="custody", actor="office").delete()  # as of a case without a hand-over
    events.create(record_id=record.pk, at=cases.START, kind="custody", text="card", actor="citizen")
    kept = migrate("0016_custody").get_model("archive", "Record").objects.get()
    carried = kept.custody.order_by("copy", "id").values_list(*columns)
    assert list(carried) == [("", 0, "card", "citizen"), *told]
    assert not kept.events.filter(kind="custody").exists()
    assert codes.read(kept.folder_code) == kept.folder_code

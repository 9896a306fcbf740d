"""A clerk takes records out by the page: with a reason, one file, gone after some days."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from archive import store
from archive.bag import folder as bags
from archive.models import AuditEvent, Export, Record
from archive.services import records
from archive.services.moving import orders
from tests.archive import cases
from tests.archive.conftest import Officer
from tests.archive.moving.bags import found
from tests.archive.searching import search
from tests.people import logged_in, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("heads_file", "exports")]


@pytest.fixture
def exports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(settings.OVERA, "EXPORTS", tmp_path / "exports")
    return tmp_path / "exports"


@pytest.fixture
def clerk() -> Client:
    return logged_in(person("ruza", None, "view_record", "view_every_office", "export_record"))


@pytest.fixture
def filed(officer: Officer) -> list[Record]:
    cases_of = [("Ђорђевић", "BG-01"), ("Илић", "BG-01"), ("Петровић", "NS-02")]
    return [
        records.file(cases.filing(name, office_code=office, file_number=f"{n}/2026"), by=officer)
        for n, (name, office) in enumerate(cases_of, 1)
    ]


def order(client: Client, **typed: object) -> Export | None:
    """Fill in the form; return the export, made as the worker makes it."""
    before = set(Export.objects.values_list("pk", flat=True))
    answer = client.post(reverse("archive:exports"), {"reason": "Суд", **typed})
    export = Export.objects.exclude(pk__in=before).first()
    assert answer.status_code == (302 if export else 200)
    if export:
        orders.perform(str(export.pk))
        export.refresh_from_db()
    return export


def folders(client: Client, export: Export) -> set[str]:
    """Fetch the file and return the folders of records in it."""
    answer = client.get(reverse("archive:export", args=[export.pk]))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as file:  # type: ignore[arg-type]
        return {name.split("/")[3] for name in file.namelist() if "/records/" in name}


def actors(event: str) -> list[str]:
    return list(
        AuditEvent.objects.filter(event=event, stream="moves").values_list("actor", flat=True)
    )


def test_it_is_ordered_fetched_and_deleted(
    clerk: Client, filed: list[Record], exports: Path
) -> None:
    export = order(clerk, what="numbers", numbers="1/2026\r\n3/2026\r\n")
    assert export
    assert (export.state, export.records, export.missing) == ("done", 2, 0)
    assert folders(clerk, export) == {"1_2026", "3_2026"}
    assert found(exports / str(export.pk) / "export.zip") == set()
    told = AuditEvent.objects.get(event="archive.export")
    assert told.facts == {"what": "list", "records": 2, "reason": "Суд"}
    assert AuditEvent.objects.get(event="archive.export_records").facts == {
        "file_numbers": ["1/2026", "3/2026"]
    }
    assert actors("archive.export_taken") == ["ruza"]
    clerk.post(reverse("archive:export", args=[export.pk]))
    assert not (exports / str(export.pk)).exists()
    gone = clerk.get(reverse("archive:export", args=[export.pk]), follow=True)
    assert "Датотеке овог извоза сада нема." in gone.content.decode()
    assert actors("archive.export_deleted") == ["ruza"]


def test_what_a_search_found_is_taken_out(clerk: Client, filed: list[Record]) -> None:
    address, shown = search(clerk, box="djordjevic")
    key = address.partition("?s=")[2]
    assert f"{reverse('archive:exports')}?s={key}" in shown
    export = order(clerk, what="search", s=key)
    assert export
    assert folders(clerk, export) == {"1_2026"}
    assert "Ђорђевић" not in str(AuditEvent.objects.filter(stream="moves").values())


def test_everything_is_taken_by_who_sees_every_office_alone(
    clerk: Client, filed: list[Record]
) -> None:
    export = order(clerk, what="everything")
    assert export
    assert folders(clerk, export) == {"1_2026", "2_2026", "3_2026"}
    of_office = logged_in(person("mika", "BG-01", "view_record", "export_record"))
    assert order(of_office, what="everything") is None
    own = order(of_office, what="year", year=timezone.localdate().year)
    assert own
    assert folders(of_office, own) == {"1_2026", "2_2026"}
    assert of_office.get(reverse("archive:export", args=[export.pk])).status_code == 404
    assert order(of_office, what="numbers", numbers="3/2026") is None
    nobody = logged_in(person("pera", "BG-01", "view_record", "view_recordfile"))
    assert nobody.get(reverse("archive:exports")).status_code == 403


@pytest.mark.parametrize(
    "typed",
    [
        {"what": "numbers", "numbers": " "},
        {"what": "numbers", "numbers": "9/1999"},
        {"what": "year"},
        {"what": "year", "year": "1995"},
        {"what": "search"},
        {},
        {"what": "everything", "reason": " "},
    ],
)
def test_what_says_nothing_takes_nothing(
    clerk: Client, filed: list[Record], typed: dict[str, str]
) -> None:
    assert order(clerk, **typed) is None
    assert not AuditEvent.objects.filter(event="archive.export").exists()


def test_a_file_that_the_store_has_not_is_named_and_the_rest_is_taken(
    clerk: Client, filed: list[Record], exports: Path, tmp_path: Path
) -> None:
    certificate = filed[0].certificates.all()[0]
    path = Path(str(settings.OVERA["FILES"])) / certificate.sha256[:2] / certificate.sha256
    kept = path.read_bytes()
    path.unlink()
    export = order(clerk, what="numbers", numbers="1/2026")
    path.write_bytes(kept)
    assert export
    assert (export.state, export.missing) == ("done", 1)
    bag = exports / str(export.pk) / "export.zip"
    assert found(bag) == set()
    with zipfile.ZipFile(bag) as file:
        missing = file.read(f"export-{export.pk}/data/missing.csv").decode()
    assert certificate.sha256 in missing
    assert store.exists(certificate.sha256)


def test_what_lies_too_long_is_deleted_and_what_waits_is_handed_out(
    clerk: Client, filed: list[Record], exports: Path
) -> None:
    old = order(clerk, what="year", year=timezone.localdate().year)
    clerk.post(reverse("archive:exports"), {"what": "everything", "reason": "Сеоба"})
    waiting = Export.objects.get(state="waiting")
    assert old
    assert list(orders.due(timezone.now())) == [str(waiting.pk)]
    (exports / str(waiting.pk)).mkdir()
    with bags.locked(exports / str(waiting.pk)):
        orders.perform(str(waiting.pk))  # another worker makes it
    waiting.refresh_from_db()
    assert waiting.state == "waiting"
    assert list(orders.due(timezone.now() + timedelta(days=8))) == [str(waiting.pk)]
    old.refresh_from_db()
    assert (old.state, (exports / str(old.pk)).exists()) == ("deleted", False)
    assert actors("archive.export_deleted") == ["system"]

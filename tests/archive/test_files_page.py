"""The page of the stored files: what is wrong with them, and the button that repairs."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from archive import store
from archive.models import AuditEvent, FixityFinding, FixityRound
from archive.services import records
from archive.services.files import blobs, fixity, mirroring
from archive.store import sealed
from tests.archive import cases
from tests.archive.conftest import Officer
from tests.people import logged_in, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder", "replica")]


@pytest.fixture
def clerk() -> Client:
    rights = ("view_record", "view_fixityfinding", "repair_files")
    return logged_in(person("ruza", None, *rights))


@pytest.fixture
def lost(officer: Officer, folder: Path) -> str:
    """Return what is missing, and was carried to the replica before."""
    record = records.file(cases.filing(), by=officer)
    mirroring.catch_up(seconds=30)
    sha256 = min(blobs.of_record(record))
    (folder / sealed.path(sha256)).unlink()
    return sha256


def text(client: Client, name: str = "files") -> str:
    return client.get(reverse(f"archive:{name}")).content.decode()


def test_a_check_is_begun_here_and_what_it_finds_is_repaired_here(clerk: Client, lost: str) -> None:
    assert clerk.post(reverse("archive:files_check")).status_code == 302
    assert FixityRound.objects.get().open
    assert "data-open" in text(clerk)
    fixity.go_on(timezone.now(), seconds=60)
    assert 'data-finding="missing"' in text(clerk)
    assert "files-alert" in text(clerk, "files_alert")
    finding = FixityFinding.objects.get()
    clerk.post(reverse("archive:files_repair", args=[finding.pk]))
    assert store.get(lost)
    assert "data-finding" not in text(clerk)
    assert "files-alert" not in text(clerk, "files_alert")
    ended = AuditEvent.objects.get(event="files.finding_ended")
    assert (ended.actor, ended.subject, ended.facts["ending"]) == ("ruza", lost, "repaired")


def test_without_a_copy_the_page_says_what_to_do(
    clerk: Client, lost: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixity.go_on(timezone.now(), seconds=60)
    monkeypatch.setitem(settings.OVERA, "REPLICA", None)
    repair = reverse("archive:files_repair", args=[FixityFinding.objects.get().pk])
    assert "--repair-from" in clerk.post(repair, follow=True).content.decode()
    monkeypatch.setitem(settings.OVERA, "REPLICA", Path("/nowhere/at/all"))
    assert "--repair-from" not in clerk.post(repair, follow=True).content.decode()
    assert FixityFinding.objects.get().ended_at is None


def test_who_only_looks_repairs_nothing(lost: str) -> None:
    looking = logged_in(person("mira", None, "view_fixityfinding"))
    assert looking.get(reverse("archive:files")).status_code == 200
    assert looking.post(reverse("archive:files_check")).status_code == 403

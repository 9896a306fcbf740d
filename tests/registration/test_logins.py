"""Each log-in, and each try that failed, is in the log; nobody comes in without."""

from pathlib import Path

import pytest
from django.test import Client

from archive.models import AuditEvent
from archive.services import audit
from registration.models import Office, User

pytestmark = pytest.mark.django_db

PASSWORD = "kafa s mlekom"


@pytest.fixture
def officer() -> User:
    office = Office.objects.create(code="071", name="ПС Савски венац")
    return User.objects.create_user("jelena", password=PASSWORD, office=office, is_staff=True)


def log_in(name: str, password: str, page: str = "/login/") -> int:
    return Client().post(page, {"username": name, "password": password}).status_code


def noted() -> list[tuple[str, str, object]]:
    rows = AuditEvent.objects.filter(stream="log-ins").order_by("number")
    return [(row.event, row.actor, row.facts) for row in rows]


@pytest.mark.usefixtures("officer")
@pytest.mark.parametrize("page", ["/login/", "/admin/login/"])
def test_who_comes_and_who_is_refused_is_told(page: str) -> None:
    assert log_in("jelena", PASSWORD, page) == 302
    assert log_in("jelena", "pogodi", page) == 200
    assert log_in("moja tajna", PASSWORD, page) == 200
    assert noted() == [
        ("login", "jelena", {}),
        ("login.refused", audit.SYSTEM, {"account": "known"}),
        ("login.refused", audit.SYSTEM, {"account": "unknown"}),
    ]
    last = AuditEvent.objects.filter(stream="log-ins").latest("number")
    assert last.private.data == {"name": "moja tajna"}
    assert "tajna" not in str(AuditEvent.objects.values())


def test_a_closed_account_is_refused(officer: User) -> None:
    officer.is_active = False
    officer.save()
    assert log_in("jelena", PASSWORD) == 200
    assert noted() == [("login.refused", audit.SYSTEM, {"account": "known"})]


@pytest.mark.usefixtures("officer")
def test_nobody_comes_in_while_nothing_can_be_written(
    tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = tmp_path / "file"
    taken.touch()
    monkeypatch.setitem(settings.OVERA, "AUDIT_HEADS", taken / "heads.jsonl")  # type: ignore[attr-defined]
    monkeypatch.setitem(settings.OVERA, "AUDIT_UNSIGNED_EVENTS", 0)  # type: ignore[attr-defined]
    assert log_in("jelena", PASSWORD) == 503
    assert noted() == []


def test_a_session_ends_with_its_account(officer: User) -> None:
    client = Client()
    client.force_login(officer)
    assert client.get("/login/").status_code == 302  # to the first page: somebody is there
    officer.is_active = False
    officer.save()
    assert client.get("/login/").status_code == 200

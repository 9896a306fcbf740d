"""What the body publishes is read outside of requests, kept with its moment, and never guessed."""

from datetime import timedelta
from typing import Any

import django.conf
import pytest
from django.utils import timezone

from archive.models import AuditEvent, Record
from registration import ca, tasks
from registration.models import Application, Certificate, Desk, PublishedStatus, User
from registration.queries import published as queries
from registration.services import published
from tests.pages.page import Page
from tests.people import logged_in
from tests.registration import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def filed(officer: User, desk: Desk, one_certificate: None) -> Application:
    return making.filed(officer, desk)


def change(case: Application, reason: str) -> None:
    """Let the body change the status as if somebody had called it: the counter does not know."""
    serial = int(Certificate.objects.get(application=case).serial, 16)
    ca.connect(django.conf.settings.OVERA).revoke(serial, reason, timezone.now())


def read_again(hours: int = 13) -> int:
    """Read when so many hours have passed since the last time."""
    earlier = timezone.now() - timedelta(hours=hours)
    PublishedStatus.objects.update(checked_at=earlier)
    return published.read(timezone.now())


def shown(case: Application) -> tuple[str, str]:
    """Return what the counter and the archive say."""
    found = Certificate.objects.get(application=case).published
    record = Record.objects.get(reference=case.record_reference)
    return found.shown, record.certificates.get().published


def told(case: Application) -> list[str]:
    """Return what the history says that was seen."""
    events = AuditEvent.objects.filter(subject=case.number, event__startswith="certificate.seen")
    return [event.event for event in events.order_by("number")]


@pytest.mark.parametrize("source", ["ocsp", "crl"])
def test_a_change_is_seen_by_the_counter_and_by_the_archive(
    filed: Application, sources: dict[str, Any], source: str
) -> None:
    if source == "crl":
        sources["OCSP"] = ""
    tasks.read_published()
    assert shown(filed) == ("valid", "valid")
    found = PublishedStatus.objects.get()
    assert (found.source, timezone.now() - found.known_at < timedelta(minutes=5)) == (source, True)

    change(filed, "certificateHold")
    assert published.read(timezone.now()) == 0  # it was asked about a moment ago
    assert read_again() == 1
    assert shown(filed) == ("suspended", "suspended")
    change(filed, "removeFromCRL")
    read_again()
    assert shown(filed) == ("valid", "valid")
    change(filed, "keyCompromise")
    read_again()
    assert shown(filed) == ("revoked", "revoked")
    assert told(filed) == [
        f"certificate.seen_{state}" for state in ("suspended", "valid", "revoked")
    ]
    assert read_again() == 0  # nothing follows after it


def test_what_was_revoked_elsewhere_ends_here_too(
    filed: Application, sources: dict[str, Any]
) -> None:
    change(filed, "keyCompromise")
    published.read(timezone.now())
    certificate = Certificate.objects.get()
    assert certificate.revocation_reason == "keyCompromise"
    ended = Record.objects.get(reference=filed.record_reference).certificates.get()
    assert (ended.ended_at, ended.ended_reason) == (certificate.revoked_at, "keyCompromise")


def test_a_body_that_does_not_answer_leaves_a_doubt_and_the_last_word(
    filed: Application, sources: dict[str, Any]
) -> None:
    published.read(timezone.now())
    known_at = PublishedStatus.objects.get().known_at
    sources |= {"OCSP": "http://127.0.0.1:1/", "CRL": "http://127.0.0.1:1/"}
    read_again()
    found = PublishedStatus.objects.get()
    assert (found.state, found.shown, found.doubt) == ("valid", "unknown", "unreachable")
    assert (shown(filed), found.known_at) == (("unknown", "unknown"), known_at)
    assert queries.why(found.doubt) == "The certification body does not answer."
    assert told(filed) == []
    assert list(queries.due(timezone.now())) == []
    assert queries.due(timezone.now() + timedelta(minutes=16)).count() == 1


def test_an_older_word_never_takes_the_place_of_a_newer_one(
    filed: Application, sources: dict[str, Any]
) -> None:
    published.read(timezone.now())
    newer = timezone.now() + timedelta(hours=1)
    PublishedStatus.objects.update(state="suspended", known_at=newer)
    read_again()
    assert shown(filed) == ("suspended", "suspended")


def test_an_expired_certificate_is_not_asked_about(
    filed: Application, sources: dict[str, Any]
) -> None:
    late = Certificate.objects.get().not_after + timedelta(seconds=1)
    assert list(queries.due(late)) == []


def test_the_officer_reads_status_and_moment(
    filed: Application, sources: dict[str, Any], officer: User
) -> None:
    client, address = logged_in(officer), f"/cases/{filed.number}/"
    status = "//dd[@data-published]"
    assert Page.get(client, address).text(status) == "not asked for yet"
    published.read(timezone.now())
    moment = timezone.localtime(PublishedStatus.objects.get().known_at)
    told = f"Valid, as of {moment:%d.%m.%Y. %H:%M} (OCSP)"
    assert Page.get(client, address).text(status) == told
    sources |= {"OCSP": "", "CRL": ""}
    read_again()
    assert Page.get(client, address).text(status) == (
        f"Could not tell; last known on {moment:%d.%m.%Y. %H:%M} (OCSP) No address is set at which"
        " the certification body publishes it."
    )

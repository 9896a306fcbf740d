"""Before certificates expire people hear of it, once: by e-mail or by post, without a JMBG."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone

from archive.models import AuditEvent
from registration.models import Application, Certificate, Desk, Notice, User
from registration.queries import cases
from registration.services import notices
from tests.pages import counter
from tests.registration import making
from tests.registration.postbox import Postbox, opened

pytestmark = pytest.mark.django_db

ADDRESS = "petar@example.rs"


@pytest.fixture
def postbox(settings: LazySettings) -> Iterator[Postbox]:
    with opened() as found:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", found.port
        section = {**settings.OVERA["NOTICES"], "SENDER": "overa@example.rs"}
        settings.OVERA = {**settings.OVERA, "NOTICES": section}
        yield found


@pytest.fixture
def filed(officer: User, desk: Desk, one_certificate: None) -> Application:
    return making.filed(officer, desk)


def give_address(case: Application, **changes: Any) -> None:
    """Let the request name an address (or other data of the person)."""
    changes = changes or {"contact_email": ADDRESS}
    case.applicant = replace(cases.applicant_of(case), **changes).to_json()
    case.save()


def before(days: int) -> datetime:
    """Return noon so many days before the certificates end."""
    return timezone.now() + (last_day() - timezone.localdate()) - timedelta(days=days)


def last_day() -> date:
    return Certificate.objects.order_by("ends_on")[0].ends_on


def made() -> list[tuple[int, str, str]]:
    return [(each.days, each.channel, each.state) for each in Notice.objects.order_by("pk")]


def deliver() -> None:
    """Do what the task does, as if nothing had to wait for its next try."""
    Notice.objects.filter(state="waiting").update(due_at=timezone.now() - timedelta(seconds=1))
    for each in notices.sweep(timezone.now()):
        notices.send(each)


def told(case: Application) -> list[tuple[str, str]]:
    events = AuditEvent.objects.filter(subject=case.number, event__startswith="notice")
    return [(each.event, each.facts.get("code", "")) for each in events.order_by("number")]


def test_a_notice_is_made_at_sixty_thirty_and_seven_days(
    filed: Application, postbox: Postbox
) -> None:
    give_address(filed)
    for days in (90, 61, 60, 60, 45, 31, 30, 8, 7, 1, 0, -1):
        notices.prepare(before(days))
    assert [days for days, _channel, _state in made()] == [60, 30, 7]


def test_who_is_late_gets_the_one_that_fits(filed: Application, postbox: Postbox) -> None:
    notices.prepare(before(20))
    assert made() == [(30, "letter", "waiting")]


def test_the_card_may_end_first(officer: User, desk: Desk, one_certificate: None) -> None:
    ends = timezone.localdate() + timedelta(days=400)
    person = replace(counter.PETAR, document_expires_on=ends)
    making.filed(officer, desk, who=person)
    assert Certificate.objects.get().ends_on == ends


def test_the_e_mail_arrives_once_in_the_script_of_the_papers(
    filed: Application, postbox: Postbox
) -> None:
    give_address(filed)
    notices.prepare(before(60))
    deliver()
    deliver()
    (letter,) = postbox.letters
    body = letter.get_content()
    assert (letter["To"], letter["From"]) == (ADDRESS, "overa@example.rs")
    subject = f"Сертификати у Вашој личној карти важе до {last_day():%d.%m.%Y.}"
    assert letter["Subject"].strip() == subject
    assert "Нови сертификати се издају на захтев, без накнаде" in body
    assert counter.JMBG not in letter.as_string() + body
    assert made() == [(60, "email", "sent")]
    assert told(filed) == [("notice.sent", "")]


def test_without_an_address_or_a_sender_it_goes_by_post(
    filed: Application, postbox: Postbox, settings: LazySettings
) -> None:
    notices.prepare(before(60))
    give_address(filed)
    settings.OVERA["NOTICES"]["SENDER"] = ""
    notices.prepare(before(30))
    assert made() == [(60, "letter", "waiting"), (30, "letter", "waiting")]


def test_a_server_that_is_busy_is_asked_again(filed: Application, postbox: Postbox) -> None:
    give_address(filed)
    postbox.to_recipient = ["450 busy"]
    postbox.to_letter = ["451 busy"]
    notices.prepare(before(60))
    for _time in range(3):
        deliver()
    assert (len(postbox.letters), made()) == (1, [(60, "email", "sent")])
    failed = [("notice.failed", "smtp-450"), ("notice.failed", "smtp-451")]
    assert told(filed) == [*failed, ("notice.sent", "")]


def test_between_the_tries_it_waits_longer_each_time(filed: Application, postbox: Postbox) -> None:
    give_address(filed)
    postbox.to_recipient = ["450 busy"] * 2
    notices.prepare(before(60))
    waits = []
    for _time in range(2):
        deliver()
        waits.append(round((Notice.objects.get().due_at - timezone.now()) / timedelta(minutes=1)))
        assert notices.sweep(timezone.now()) == []
    assert waits == [30, 60]


def test_an_address_that_is_refused_is_written_to_by_post(
    filed: Application, postbox: Postbox
) -> None:
    give_address(filed)
    postbox.to_recipient = ["550 nobody of this name"]
    notices.prepare(before(60))
    deliver()
    assert made() == [(60, "letter", "waiting")]
    assert (Notice.objects.get().failure, told(filed)) == (
        "smtp-550",
        [("notice.failed", "smtp-550")],
    )
    assert ADDRESS not in str(AuditEvent.objects.values_list("facts", flat=True))


def test_a_server_that_is_down_is_tried_five_times_then_the_post_goes(
    filed: Application, postbox: Postbox, settings: LazySettings
) -> None:
    give_address(filed)
    settings.EMAIL_PORT = 1
    notices.prepare(before(60))
    for _time in range(5):
        deliver()
    assert made() == [(60, "letter", "waiting")]
    assert told(filed) == [("notice.failed", "server-unreachable")] * 5


def test_an_e_mail_that_may_have_arrived_is_never_sent_again(
    filed: Application, postbox: Postbox
) -> None:
    give_address(filed)
    postbox.to_letter = ["hang up"]
    notices.prepare(before(60))
    deliver()
    deliver()
    assert (len(postbox.letters), made()) == (1, [(60, "email", "uncertain")])


def test_a_worker_that_died_while_sending_is_not_followed_by_another(
    filed: Application, postbox: Postbox
) -> None:
    give_address(filed)
    notices.prepare(before(60))
    Notice.objects.update(state="sending", due_at=timezone.now() - timedelta(minutes=11))
    deliver()
    assert (postbox.letters, made()) == ([], [(60, "email", "uncertain")])


def test_two_workers_send_one_e_mail(filed: Application, postbox: Postbox) -> None:
    give_address(filed)
    notices.prepare(before(60))
    Notice.objects.update(due_at=timezone.now())
    for _worker in range(2):
        notices.send(str(Notice.objects.get().pk))
    assert len(postbox.letters) == 1


def test_who_was_revoked_meanwhile_hears_nothing(filed: Application, postbox: Postbox) -> None:
    give_address(filed)
    notices.prepare(before(60))
    Certificate.objects.update(revoked_at=timezone.now())
    deliver()
    notices.prepare(before(30))
    assert (postbox.letters, made()) == ([], [(60, "email", "not-needed")])


def test_who_has_newer_certificates_hears_nothing_of_the_old(
    filed: Application, postbox: Postbox, officer: User, desk: Desk
) -> None:
    newer = making.filed(officer, desk, who=counter.PETAR)
    later = last_day() + timedelta(days=300)
    Certificate.objects.filter(application=newer).update(ends_on=later)
    notices.prepare(before(60))
    assert made() == []

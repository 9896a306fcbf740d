"""What goes on when the counter has forgotten whose case it was: the archive says who it is."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone

from archive import store
from archive.models import Record
from registration.models import (
    Application,
    Desk,
    Notice,
    Office,
    User,
)
from registration.queries import cases
from registration.queries import notices as due_notices
from registration.reports import catalogue
from registration.reports.scope import Scope
from registration.services import cases as steps
from registration.services import (
    letters,
    notices,
    published,
    revocations,
)
from tests.pages import counter
from tests.registration import dropped, making, status
from tests.registration.dropped import PERSON
from tests.registration.postbox import opened
from tests.registration.renewing import renewed

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(officer: User, desk: Desk) -> Application:
    return dropped.filed(officer, desk, who=PERSON)


def recalled_case(officer: User, desk: Desk) -> None:
    steps.withdraw(counter.printed(officer, desk), "predomislio se", by=officer)


class TestWhatGoesOn:
    def test_a_renewal_finds_what_it_renews_and_ends_it(
        self, case: Application, officer: User, desk: Desk
    ) -> None:
        case = dropped.drop(case)
        new = renewed(officer, desk, case, occupied=True)
        for each in list(revocations.unfinished()):
            revocations.supersede(str(each))
        theirs = Record.objects.get(reference=case.number).certificates.get(role="signing")
        assert theirs.renewed_by == new.certificates.get(role="signing").serial
        assert theirs.ended_reason == "superseded"

    def test_a_status_is_changed_and_told_to_the_archive(
        self, case: Application, officer: User
    ) -> None:
        case = dropped.drop(case)
        changed = status.finished(case, officer, "revoke")
        assert cases.applicant_of(changed) == PERSON
        record = Record.objects.get(reference=case.number)
        assert {each.ended_reason for each in record.certificates.all()} == {"cessationOfOperation"}

    def test_a_form_3_that_stands_alone_finds_the_certificates(
        self, case: Application, officer: User, desk: Desk
    ) -> None:
        dropped.drop(case)
        alone = counter.opened(
            officer,
            desk,
            who=PERSON,
            procedure="status",
            contract_requested=False,
            status_change="revoke",
            status_reason="lost",
        )
        assert set(alone.serials) == {each.serial for each in case.certificates.all()}

    @pytest.mark.usefixtures("sources")
    def test_what_the_body_publishes_is_read_on(self, case: Application) -> None:
        case = dropped.drop(case)
        assert published.read(timezone.now()) == 2
        record = Record.objects.get(reference=case.number)
        assert {each.published for each in record.certificates.all()} == {"valid"}

    def test_notices_of_the_expiry_go_out(self, case: Application, settings: LazySettings) -> None:
        dropped.drop(case)
        ends = case.certificates.all()[0].ends_on
        now = timezone.now() + (ends - timezone.localdate()) - timedelta(days=7)
        with opened() as postbox:
            settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", postbox.port
            section = {**settings.OVERA["NOTICES"], "SENDER": "overa@example.rs"}
            settings.OVERA = {**settings.OVERA, "NOTICES": section}
            notices.prepare(now)
            Notice.objects.update(due_at=timezone.now())
            for each in notices.sweep(timezone.now() + timedelta(seconds=1)):
                notices.send(each)
        assert [each["To"] for each in postbox.letters] == [PERSON.contact_email]

    def test_letters_are_printed_with_name_and_address(
        self, case: Application, office: Office, officer: User
    ) -> None:
        dropped.drop(case)
        Notice.objects.create(
            application=case,
            ends_on=case.certificates.all()[0].ends_on,
            days=30,
            channel="letter",
            due_at=timezone.now(),
        )
        run = letters.print_waiting(office, by=officer)
        assert "Шљивина" in status.text_of(store.get(run.sha256))

    def test_who_has_a_certificate_that_lasts_needs_no_notice(
        self, case: Application, officer: User, desk: Desk
    ) -> None:
        case = dropped.drop(case)
        ends = case.certificates.all()[0].ends_on
        assert due_notices.wanted(case, ends)
        newer = dropped.filed(officer, desk, who=PERSON)
        newer.certificates.update(ends_on=ends + timedelta(days=9))
        assert not due_notices.wanted(case, ends)

    def test_every_report_counts_the_same(
        self, case: Application, office: Office, officer: User, desk: Desk
    ) -> None:
        making.interrupted(officer, desk, "no-card")
        recalled_case(officer, desk)
        month = Scope(
            timezone.localdate(), timezone.localdate() + timedelta(days=2000), (office.pk,)
        )
        before = {each.code: each.rows(month) for each in catalogue.REPORTS.values()}
        dropped.drop(case)
        after = {each.code: each.rows(month) for each in catalogue.REPORTS.values()}
        assert {code for code, rows in before.items() if rows} >= {"issued", "waiting", "terms"}
        assert after == before

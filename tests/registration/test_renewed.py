"""What becomes of a renewed certificate: both ends of the link are on record, the old one ends."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from archive import queries as archive
from archive.models import AuditEvent, Record
from registration.models import Application, Certificate, Desk, Office, User
from registration.queries import issuances, notices, renewals
from registration.reports import expiring
from registration.reports.scope import Scope
from registration.services import revocations
from tests.pages import counter
from tests.people import person
from tests.registration import making, status
from tests.registration.renewing import certificate, old, renewed

__all__ = ["old"]

pytestmark = pytest.mark.django_db
ELSEWHERE_TOO = (settings.OVERA, "RENEWED_ELSEWHERE_REVOKED", True)


def sweep() -> None:
    for each in list(revocations.unfinished()):
        revocations.supersede(str(each))


class TestTheLink:
    def test_the_records_of_both_name_each_other(
        self, officer: User, desk: Desk, old: Application
    ) -> None:
        new = renewed(officer, desk, old, occupied=True)
        before, after = certificate(old).serial, certificate(new).serial
        theirs = status.record_of(old).certificates.get(role="signing")
        ours = status.record_of(new).certificates.get(role="signing")
        assert (theirs.renews, theirs.renewed_by) == ("", after)
        assert (ours.renews, ours.renewed_by) == (before, "")
        told = AuditEvent.objects.filter(event="record.certificate_renewed").order_by("number")
        assert [each.facts["renewed_by"] for each in told] == [
            certificate(new, role).serial for role in ("signing", "authentication")
        ]

    def test_the_old_serial_finds_both_records(
        self, officer: User, desk: Desk, old: Application
    ) -> None:
        new = renewed(officer, desk, old, occupied=True)
        page = archive.search(archive.SearchQuery(serial=certificate(old).serial), limit=5)
        assert {hit.record.reference for hit in page.hits} == {old.number, new.number}
        page = archive.search(archive.SearchQuery(serial=certificate(new).serial), limit=5)
        assert [hit.record.reference for hit in page.hits] == [new.number]

    def test_what_was_renewed_is_not_renewed_twice(
        self, officer: User, desk: Desk, old: Application
    ) -> None:
        new = renewed(officer, desk, old, occupied=False)
        case = counter.opened(officer, desk, **making.renewal(old))
        known = renewals.predecessor(case, "signing")
        assert known is not None
        assert known.serial == certificate(new).serial

    def test_no_notice_and_no_forecast_speak_of_it_any_more(
        self, officer: User, desk: Desk, old: Application
    ) -> None:
        Certificate.objects.update(ends_on=timezone.localdate() + timedelta(days=30))
        today = timezone.localdate()
        scope = Scope(today, today + timedelta(days=60), (old.office_id,))
        assert [each.application for each in notices.due(today)] == [old]
        assert [row.certificates for row in expiring.rows(scope)] == [2]
        new = renewed(officer, desk, old, occupied=False)  # on another card, until the same day
        Certificate.objects.update(ends_on=today + timedelta(days=30))
        assert [each.application for each in notices.due(today)] == [new]
        assert [row.numbers for row in expiring.rows(scope)] == [(new.number,)]

    def test_another_office_renews_what_this_one_issued(self, old: Application) -> None:
        there = Office.objects.create(code="072", name="ПС Земун", place="Земун")
        desk = Desk.objects.create(
            code="desk-2", name="Desk 2", office=there, public_keys={}, seen_at=timezone.now()
        )
        colleague = person("vera", there, "change_application")
        new = renewed(colleague, desk, old, occupied=True)
        sweep()
        assert certificate(old).revocation_reason == "superseded"
        record = Record.objects.get(reference=old.record_reference)
        assert record.certificates.get(role="signing").renewed_by == certificate(new).serial


class TestTheFateOfTheOldOne:
    def ends(self, case: Application) -> list[str]:
        return [each.revocation_reason for each in case.certificates.order_by("received_at")]

    def test_one_whose_key_was_destroyed_is_superseded_when_the_new_one_is_proven(
        self, officer: User, desk: Desk, old: Application
    ) -> None:
        started = making.started(officer, desk, **making.renewal(old))
        making.prove(started, occupied=True)
        sweep()
        assert self.ends(old) == ["superseded", "superseded"]

    def test_one_on_another_card_is_left_to_expire(
        self, officer: User, desk: Desk, old: Application
    ) -> None:
        renewed(officer, desk, old, occupied=False)
        sweep()
        assert self.ends(old) == ["", ""]

    def test_by_the_offices_rule_it_ends_when_the_new_card_is_handed_over(
        self, officer: User, desk: Desk, old: Application, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(*ELSEWHERE_TOO)
        issuance = making.prove(making.started(officer, desk, **making.renewal(old)))
        revocations.supersede(str(issuance.pk))  # as after each proof
        sweep()
        assert self.ends(old) == ["", ""]
        case = making.hand_over(issuance.application, officer)
        sweep()
        assert self.ends(old) == ["superseded", "superseded"]
        assert list(revocations.unfinished()) == []
        assert issuances.live(case)
        assert certificate(case).revoked_at is None

    def test_a_rule_that_came_later_ends_nothing(
        self, officer: User, desk: Desk, old: Application, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        renewed(officer, desk, old, occupied=False)
        monkeypatch.setitem(*ELSEWHERE_TOO)
        sweep()
        assert self.ends(old) == ["", ""]

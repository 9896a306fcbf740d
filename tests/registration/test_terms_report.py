"""Who signed which terms: certificates that live, by the version that was signed for them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from registration.models import Application, Certificate, Desk, Office, User
from registration.reports import terms
from registration.reports.scope import Scope
from registration.services import revocations, wording
from tests.registration import making


@pytest.fixture
def here(office: Office) -> Scope:
    return Scope(timezone.localdate(), timezone.localdate(), (office.pk,))


@pytest.fixture
def tomorrow(here: Scope) -> Scope:
    day = timezone.localdate() + timedelta(days=1)
    return Scope(day, day, here.offices)


def replace_terms(since: timedelta = timedelta(0)) -> None:
    """Bring a second version of the general terms into force."""
    version = wording.begin("terms", by=User.objects.get(username="administrator"))
    version.valid_from = timezone.localdate() + since
    version.save()
    wording.propose(version, by=User.objects.get(username="administrator"))
    wording.approve(version, by=User.objects.get(username="manager"))


def counted(asked: Scope) -> list[tuple[str, bool, int, int]]:
    return [(row.version, row.replaced, row.cases, row.certificates) for row in terms.rows(asked)]


def test_when_the_terms_change_those_who_signed_the_earlier_ones_are_listed(
    officer: User, desk: Desk, here: Scope
) -> None:
    before = making.filed(officer, desk)
    assert counted(here) == [("001", False, 1, 2)]
    assert terms.earlier(here) == []
    replace_terms()
    after = making.confirmed(officer, desk).application
    rows = terms.rows(here)
    assert counted(here) == [("001", True, 1, 2), ("002", False, 1, 2)]
    assert [row.numbers for row in rows] == [(before.number,), (after.number,)]
    assert terms.by_version(rows) == [("001", 2), ("002", 2)]
    until = timezone.localdate(before.certificates.all()[0].not_after)
    assert terms.earlier(here) == [
        terms.Earlier(
            number=before.number,
            office=str(before.office),
            version="001",
            signed_on=timezone.localdate(),
            current="002",
            valid_until=until,
            certificates=2,
        )
    ]


def test_a_version_that_is_not_yet_in_force_replaces_nothing(
    officer: User, desk: Desk, here: Scope, tomorrow: Scope
) -> None:
    case = making.confirmed(officer, desk).application
    replace_terms(timedelta(days=1))
    assert (counted(here), terms.earlier(here)) == ([("001", False, 1, 2)], [])
    assert [row.number for row in terms.earlier(tomorrow)] == [case.number]


def test_only_certificates_that_live_are_counted(officer: User, desk: Desk, here: Scope) -> None:
    recalled = making.confirmed(officer, desk).application
    expired = making.confirmed(officer, desk).application
    live = making.confirmed(officer, desk).application
    revocations.recall(Application.objects.get(pk=recalled.pk), "грешка", by=officer)
    signing = Certificate.objects.filter(application=expired, role="signing")
    signing.update(not_after=timezone.now() - timedelta(seconds=1))
    replace_terms()
    assert counted(here) == [("001", True, 2, 3)]
    assert [(row.number, row.certificates) for row in terms.earlier(here)] == [
        (expired.number, 1),
        (live.number, 2),
    ]


def test_another_offices_certificates_are_not_counted(officer: User, desk: Desk) -> None:
    making.confirmed(officer, desk)
    other = Office.objects.create(code="072", name="ПС Земун", place="Земун")
    assert terms.rows(Scope(timezone.localdate(), timezone.localdate(), (other.pk,))) == []

"""Certificates from before the notices learn their last day: their own or the card's."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from registration.models import Certificate, Desk, User
from tests.registration import making

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = ("registration", "0018_published_status")


@pytest.fixture
def latest() -> Iterator[None]:
    yield
    _forward()


def _forward() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.usefixtures("latest", "one_certificate")
def test_the_first_end_is_the_last_day(officer: User, desk: Desk) -> None:
    own, card = (making.confirmed(officer, desk).application for _each in "ab")
    ends = timezone.localdate() + timedelta(days=100)
    card.applicant = {**card.applicant, "document_expires_on": ends.isoformat()}
    card.save()
    MigrationExecutor(connection).migrate([BEFORE])
    _forward()
    found = dict(Certificate.objects.values_list("application", "ends_on"))
    not_after = Certificate.objects.get(application=own).not_after
    assert found == {own.pk: timezone.localdate(not_after), card.pk: ends}

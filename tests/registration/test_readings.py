"""Cards read without a case: a person who did not stay is not kept."""

from datetime import timedelta

from django.utils import timezone

from registration.models import CardReading, Desk, User
from registration.services import readings
from tests.pages import counter

TOMORROW = timedelta(hours=25)


def test_a_reading_without_a_case_is_forgotten(officer: User, desk: Desk) -> None:
    readings.ask(desk, by=officer)
    readings.sweep(timezone.now() + timedelta(hours=23))
    assert CardReading.objects.exists()
    readings.sweep(timezone.now() + TOMORROW)
    assert not CardReading.objects.exists()


def test_a_reading_of_a_case_is_kept(officer: User, desk: Desk) -> None:
    case = counter.printed(officer, desk)
    readings.sweep(timezone.now() + TOMORROW)
    assert case.card_readings.exists()

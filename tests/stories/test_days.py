"""The end of the day: its sheet is looked at and printed, and what stands open is named."""

import pytest
from pytest_django.live_server_helper import LiveServer

from registration.models import DaySheet
from tests.stories import chromium, filed, people

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", people.TOLD_IN)
def test_an_officer_closes_the_day(live_server: LiveServer, language: str) -> None:
    filed.office()
    with chromium.browser() as officer:
        people.log_in(officer, live_server.url, "officer", language)
        officer.follow("[data-action=days]")
        assert len(officer.all("[data-differences] tr")) == 1
        officer.leave("print-day")
        printed = DaySheet.objects.get()
        assert len(officer.all("[data-sheets] li")) == 1
        status, kind, _size = officer.fetch(officer.see("[data-sheets] a").get_attribute("href"))
        assert (status, kind, printed.edition) == (200, "application/pdf", 1)
        officer.shot("day-sheet")

"""The certification body goes away before the certificate, and comes back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from archive.models import AuditEvent
from registration import ca
from tests.stories import chromium, people
from tests.stories.office import Office

pytestmark = [pytest.mark.stack, pytest.mark.card, pytest.mark.browser]


@contextmanager
def away() -> Iterator[None]:
    """Let the embedded body's folder be out of reach, as an unmounted disk is."""
    assert ca.connect(settings.OVERA).health().ok
    folder = Path(settings.OVERA["CA"]["FOLDER"])
    kept = folder.with_name("kept-elsewhere")
    folder.rename(kept)
    folder.touch()
    try:
        yield
    finally:
        folder.unlink()
        kept.rename(folder)


@pytest.mark.parametrize("language", people.TOLD_IN)
def test_the_case_waits_in_sight_and_goes_on_by_itself(office: Office, language: str) -> None:
    case = office.signed_case()
    with chromium.browser() as officer:
        people.log_in(officer, office.stack.address, "officer", language)
        with away():
            issuance = office.start(case)
            assert office.outcome(issuance) == ("interrupted", "ca-unreachable")
            officer.open(f"{office.stack.address}/cases/")
            officer.see(f'[data-group="body-away"] [data-case="{case.number}"]')
            officer.shot("cases-body-away")
            officer.open(f"{office.stack.address}/cases/{case.number}/")
            officer.see('[data-failure="ca-unreachable"]')
            officer.shot("body-away")
        office.type_pin()
        officer.wait_for_step("handover")
    office.confirmed(issuance)
    resumed = AuditEvent.objects.get(event="issuance.resume")
    assert (resumed.subject, resumed.actor) == (case.number, "system")

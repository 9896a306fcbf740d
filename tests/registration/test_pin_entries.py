"""The citizen's entry of a PIN: the officer may end it while the desk waits for it."""

import pytest

from archive.models import AuditEvent
from cardops.messages import Keys
from registration.errors import NotAllowedError, NotNowError
from registration.models import Desk, Issuance, Unblocking, User
from registration.services import pin_entries
from tests.people import person
from tests.registration import making, unblocking

ASKING = {"stage": "waiting-citizen", "prompt": 1, "of": 1, "tries_left": 3, "pad": False}


@pytest.fixture(autouse=True)
def _keys(desk: Desk) -> None:
    Desk.objects.filter(pk=desk.pk).update(public_keys=Keys.generate().public.to_json())


def asking(row: Issuance | Unblocking, **word: object) -> None:
    row.progress = ASKING | word
    row.save(update_fields=["progress"])


def test_the_desk_is_told_to_stop(officer: User, desk: Desk) -> None:
    issuance = making.started(officer, desk)
    asking(issuance)
    pin_entries.cancel(issuance.application, by=officer)
    outgoing = pin_entries.command(str(issuance.application.pk))
    assert outgoing is not None
    assert outgoing.desk_code == desk.code
    noted = AuditEvent.objects.get(event="pin-entry.cancel")
    assert (noted.subject, noted.actor) == (issuance.application.number, officer.username)


def test_an_entry_for_an_unblocking_is_ended_as_well(officer: User, desk: Desk) -> None:
    row = unblocking.ordered(officer, desk)
    asking(row)
    pin_entries.cancel(row.application, by=officer)
    assert pin_entries.command(str(row.application.pk)) is not None


def test_nothing_is_ended_while_nobody_is_asked(officer: User, desk: Desk) -> None:
    issuance = making.started(officer, desk)
    asking(issuance, stage="generating")
    with pytest.raises(NotNowError):
        pin_entries.cancel(issuance.application, by=officer)
    assert pin_entries.command(str(issuance.application.pk)) is None


def test_an_entry_that_ended_meanwhile_is_left_alone(officer: User, desk: Desk) -> None:
    issuance = making.started(officer, desk)
    asking(issuance)
    pin_entries.cancel(issuance.application, by=officer)
    making.interrupt(issuance, "pin-timeout")
    assert pin_entries.command(str(issuance.application.pk)) is None


def test_only_an_officer_ends_it(officer: User, desk: Desk) -> None:
    issuance = making.started(officer, desk)
    asking(issuance)
    manager = person("milica", officer.office, "view_application")
    with pytest.raises(NotAllowedError):
        pin_entries.cancel(issuance.application, by=manager)

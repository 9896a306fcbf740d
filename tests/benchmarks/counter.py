"""The officer of the measured counter: a case up to the button, the click, its end."""

import time

from django.test import Client
from django.urls import reverse

from registration.management import walk
from registration.models import Application, Desk, User
from registration.queries import issuances
from registration.services import filings, handovers, packets
from registration.workflow.issuance import Stage

_PATIENCE = 60.0  # seconds


def signed_case() -> Application:
    """Return a case that may be issued, of the person whose card is in the reader."""
    officer, desk = _officer(), walk.waiting_desk()
    case = walk.open_case(walk.read_card(desk, officer), officer)
    packets.print_packet(case, by=officer)
    walk.sign(case, officer)
    return case


def page_of(case: Application) -> Client:
    """Return the officer's browser, signed in, with the case's page open."""
    browser = Client(headers={"host": "localhost"})
    browser.force_login(_officer())
    browser.get(reverse("registration:case", args=[case.number]))
    return browser


def click(browser: Client, case: Application) -> None:
    """Press the button, as the browser does."""
    data = {"option": "1", "email": walk.EMAIL, "desk": Desk.objects.get().code}
    answer = browser.post(reverse("registration:case_issue", args=[case.number]), data)
    if answer.status_code != 302:
        raise RuntimeError("the certificate was not started")


def confirmed(case: Application) -> float:
    """Wait until both certificates are proven; return when that was, in epoch seconds."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        last = issuances.current(case)
        if last is not None and last.stage == Stage.CONFIRMED and last.confirmed_at:
            return last.confirmed_at.timestamp()
        if last is not None and last.failure_code:
            raise RuntimeError(f"the certificate was not made: {last.failure_code}")
        time.sleep(0.05)
    raise RuntimeError("the certificate was not made in time")


def end(case: Application) -> None:
    """Hand over and file, so that the same person may come again."""
    case.refresh_from_db()
    stays, goes = handovers.expected(case)
    handovers.confirm(case, sorted(stays), sorted(goes), by=_officer())
    case.refresh_from_db()
    filings.file(case, by=_officer())


def _officer() -> User:
    return User.objects.get(username="officer")

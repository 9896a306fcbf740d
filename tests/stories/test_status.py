"""From signed form 3 to the list and the responder: suspended, reactivated, revoked.

OpenSSL reads the list, the status job asks the responder.
"""

import subprocess

import pytest
from django.conf import settings

from registration import ca
from registration.models import Application, PublishedStatus, StatusRequest
from registration.queries import status_requests as queries
from registration.services import filings
from tests.registration import making
from tests.stories import chromium, people
from tests.stories.chromium import Browser
from tests.stories.office import Office

pytestmark = [pytest.mark.stack, pytest.mark.card, pytest.mark.browser]

LISTED = {"suspend": "Certificate Hold", "reactivate": "", "revoke": "Key Compromise"}
SHOWN = {"suspend": "suspended", "reactivate": "valid", "revoke": "revoked"}
GROUNDS = {"suspend": "doubt", "reactivate": "found", "revoke": "lost"}


@pytest.mark.parametrize("language", people.TOLD_IN)
def test_suspended_reactivated_and_revoked(office: Office, language: str) -> None:
    issued = filed_case(office)
    with chromium.browser() as officer:
        people.log_in(officer, office.stack.address, "officer", language)
        look_at_the_form(officer)
        for number, change in enumerate(LISTED, start=1):
            open_form_3(officer, office, issued, change)
            print_and_sign(officer)
            change_the_status(officer, {"suspend": "2", "reactivate": "3", "revoke": "1"}[change])
            tell_and_file(officer)
            assert StatusRequest.objects.count() == number
            assert listed(issued) == {LISTED[change]}
            assert told(issued) == {(SHOWN[change], "ocsp")}
        officer.open(f"{office.stack.address}/cases/{issued.number}/")
        officer.do("change-open")
        officer.see('[data-status="revoked"]')
        officer.shot("status-revoked")
    for row in StatusRequest.objects.all():
        moments = list(vars(queries.moments(row.application)).values())
        assert moments == sorted(moments)


def filed_case(office: Office) -> Application:
    """Return a case whose two certificates are on the card, handed over and filed."""
    issuance = office.start(office.signed_case())
    office.type_pin()
    case = office.confirmed(issuance).application
    case.refresh_from_db()
    return filings.file(making.hand_over(case, office.officer), by=office.officer)


def look_at_the_form(officer: Browser) -> None:
    """See that form 3 asks for nothing of a new certificate, and who brings it for a holder."""
    officer.leave("new-status")
    officer.see('[name="status_ground"]')
    officer.shot("new-case-status")
    others = '[name="contract_requested"], [name="email_choice"], [name="pin_choice"]'
    assert officer.all(f'{others}, [name="reported_by"]') == []
    officer.choose("status_ground", "revoke:died")
    officer.see('[name="reported_by"]')


def open_form_3(officer: Browser, office: Office, issued: Application, change: str) -> None:
    officer.open(f"{office.stack.address}/cases/{issued.number}/")
    officer.do("change-open")
    officer.choose("ground", f"{change}:{GROUNDS[change]}")
    officer.shot(f"status-open-{change}")
    officer.leave("open-form-3")


def print_and_sign(officer: Browser) -> None:
    officer.do("identity")
    officer.wait_for_step("print")
    officer.do("print")
    with officer.other_window():
        officer.see("iframe#papers")
    officer.wait_for_step("signatures")
    officer.do("tick-all")
    officer.do("sign")
    officer.wait_for_step("change")


def change_the_status(officer: Browser, option: str) -> None:
    officer.choose("option", option)
    officer.shot(f"status-decide-{option}")
    officer.do("change-status")
    officer.see('[data-moment="published"]:not([data-at=""])')


def tell_and_file(officer: Browser) -> None:
    officer.choose("how", "counter")
    officer.shot("status-tell")
    officer.do("told")
    officer.wait_for_step("filing")
    officer.do("file")
    officer.see("#file-number")
    officer.shot("status-filed")


def listed(issued: Application) -> set[str]:
    """Return the reasons for which OpenSSL finds the case's certificates in the list."""
    connector = ca.connect(settings.OVERA)
    command = ["openssl", "crl", "-inform", "DER", "-noout", "-text"]
    said = subprocess.run(command, input=connector.crl(), capture_output=True, check=True)
    entries = said.stdout.decode().split("Serial Number: ")[1:]
    reasons = {entry.split()[0].lower().lstrip("0"): _reason(entry) for entry in entries}
    return {reasons.get(each.serial, "") for each in issued.certificates.all()}


def told(issued: Application) -> set[tuple[str, str]]:
    """Return what the status job has heard from the body's responder."""
    heard = PublishedStatus.objects.filter(certificate__application=issued)
    return {(each.shown, each.source) for each in heard}


def _reason(entry: str) -> str:
    lines = [line.strip() for line in entry.splitlines()]
    marked = [number for number, line in enumerate(lines) if "CRL Reason Code" in line]
    return lines[marked[0] + 1] if marked else "unspecified"

"""Cases of Obrazac 3: certificates of a filed case change at the real embedded body."""

from io import BytesIO
from typing import Any

from django.conf import settings
from pypdf import PdfReader

from archive.models import Record
from registration import ca
from registration.ca import base
from registration.models import Application, Certificate, Desk, StatusRequest, User
from registration.services import filings, identity_checks, packets, status_requests
from registration.workflow import requests
from tests.pages import counter
from tests.registration import making

REASONS = {"revoke": "wish", "suspend": "doubt", "reactivate": "found"}


def filed(officer: User, desk: Desk, **choices: Any) -> Application:
    return making.filed(officer, desk, **choices)


def opened(issued: Application, officer: User, change: str, **more: Any) -> Application:
    """Open Obrazac 3 for all certificates of a filed case, or for those named."""
    asked = {
        "change": change,
        "reason": REASONS[change],
        "serials": tuple(each.serial for each in issued.certificates.filter(revoked_at=None)),
        "reported_by": "",
    } | more
    return status_requests.open_for(issued, **asked, by=officer)


def signed(issued: Application, officer: User, change: str, **more: Any) -> Application:
    case = opened(issued, officer, change, **more)
    identity_checks.record(case, method="document", document=counter.DOCUMENT, note="", by=officer)
    case.refresh_from_db()
    packets.print_packet(case, by=officer)
    case.refresh_from_db()
    return counter.sign(case, officer)


def decided(issued: Application, officer: User, change: str, **more: Any) -> StatusRequest:
    return decide(signed(issued, officer, change, **more), officer)


def decide(case: Application, officer: User) -> StatusRequest:
    option = requests.FORM_3.options[case.status_change]
    return status_requests.decide(case, option=option, by=officer)


def changed(issued: Application, officer: User, change: str, **more: Any) -> Application:
    """Go the whole way to the body's confirmation."""
    row = decided(issued, officer, change, **more)
    assert status_requests.perform(row.pk)
    return Application.objects.get(pk=row.application_id)


def finished(issued: Application, officer: User, change: str, **more: Any) -> Application:
    case = changed(issued, officer, change, **more)
    status_requests.tell(case, "counter", by=officer)
    return filings.file(case, by=officer)


def at_body(certificate: Certificate) -> base.Status:
    return ca.connect(settings.OVERA).status(int(certificate.serial, 16))


def record_of(case: Application) -> Record:
    return Record.objects.get(reference=case.record_reference)


def text_of(pdf: bytes) -> str:
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)

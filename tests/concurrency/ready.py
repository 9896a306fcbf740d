"""Cases brought to a step without rendering: their papers are rows and one small file."""

from dataclasses import replace
from itertools import count

from django.utils import timezone

from archive import store
from archive.services import audit
from registration.documents import papers as versions
from registration.models import Application, Desk, Issuance, Packet, Page, Paper, User
from registration.services import cases
from tests.pages import counter
from tests.registration import making

_COPIES = [("request", 1), ("terms", 1), ("terms", 2), ("contract", 1), ("contract", 2)]
_CODES = count(1)


CHOICES = cases.Choices(
    procedure="issue",
    script="Cyrl",
    email_choice="no",
    contract_requested=False,
    contract_waiver="ne želi ga",
    request_brought=True,
    acknowledged=(),
)


def corrected(case: Application, phone: str, by: User) -> Application:
    """Write Petar's data, with another phone number, over those of a case."""
    return cases.correct(case, replace(counter.PETAR, phone=phone), CHOICES, by=by)


def printed(officer: User, desk: Desk) -> Application:
    case = counter.checked(officer, desk)
    with audit.transaction():
        case = cases.advance(case, "print", by=officer)
        _papers(case, officer)
    return case


def signed(officer: User, desk: Desk) -> Application:
    return counter.sign(printed(officer, desk), officer)


def started(officer: User, desk: Desk) -> Issuance:
    return making.start(signed(officer, desk), officer, desk)


def issued(officer: User, desk: Desk) -> Application:
    case = making.prove(started(officer, desk)).application
    case.refresh_from_db()
    return case


def handed_over(officer: User, desk: Desk) -> Application:
    return making.hand_over(issued(officer, desk), officer)


def _papers(case: Application, officer: User) -> None:
    now = timezone.now()
    file = store.put(b"%PDF-1.7 of no content")
    packet = Packet.objects.create(
        application=case, run=1, printed_by=officer, printed_at=now, merged=file
    )
    for position, (kind, copy) in enumerate(_COPIES, 1):
        version = versions.current(kind, now.date())
        paper = Paper.objects.create(
            packet=packet,
            kind=kind,
            copy=copy,
            version=version.code,
            title=version.name,
            expected=list(version.expected),
            sha256=file,
            size=22,
            position=position,
        )
        Page.objects.create(paper=paper, number=1, content_hash=file, code=f"{next(_CODES)}")

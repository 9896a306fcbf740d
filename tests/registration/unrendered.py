"""Cases whose papers are rows and one small file: for what asks nothing of their look."""

from itertools import count

from django.utils import timezone

from archive import store
from archive.services import audit
from registration.documents import papers as versions
from registration.models import Application, Desk, Packet, Page, Paper, User
from registration.services import cases
from tests.pages import counter

COPIES = [("request", 1), ("terms", 1), ("terms", 2), ("contract", 1), ("contract", 2)]
_CODES = count(1)
FILE = b"%PDF-1.7 of no content"


def printed(officer: User, desk: Desk, **choices: object) -> Application:
    case = counter.checked(officer, desk, **choices)
    with audit.transaction():
        case = cases.advance(case, "print", by=officer)
        _papers(case, officer)
    return case


def signed(officer: User, desk: Desk, **choices: object) -> Application:
    return counter.sign(printed(officer, desk, **choices), officer)


def _papers(case: Application, officer: User) -> None:
    now = timezone.now()
    file = store.put(FILE)
    packet = Packet.objects.create(
        application=case, run=1, printed_by=officer, printed_at=now, merged=file
    )
    for position, (kind, copy) in enumerate(COPIES, 1):
        version = versions.current(kind, now.date())
        paper = Paper.objects.create(
            packet=packet,
            kind=kind,
            copy=copy,
            version=version.code,
            title=version.name,
            expected=list(version.expected),
            sha256=file,
            size=len(FILE),
            position=position,
        )
        Page.objects.create(paper=paper, number=1, content_hash=file, code=f"{next(_CODES)}")

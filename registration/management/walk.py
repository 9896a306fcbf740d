"""One whole case on running programs: card, papers, signatures, certificate, archive."""

import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils import timezone

from archive import store
from archive.models import Record
from archive.services import audit
from cardops import transport
from cardops.cards import selection
from cardops.cards.profile import Role
from cardops.channel import Channel
from registration import tasks
from registration.forms import cards
from registration.management import demo
from registration.models import Application, CardReading, Desk, Issuance, User
from registration.queries import bodies, gate, papers
from registration.queries import issuances as making
from registration.rules.applicant import Applicant
from registration.services import (
    cases,
    desks,
    filings,
    handovers,
    identity_checks,
    issuances,
    packets,
    readings,
    signatures,
)
from registration.workflow.issuance import Stage

Found = TypeVar("Found")

EMAIL = "milica.djordjevic@example.com"
_PATIENCE = 60.0  # seconds for a program to do its part


class WalkError(Exception):
    """A step did not come to its end."""


@dataclass
class _Steps:
    """Prints each step with its time."""

    say: Callable[[str], Any]

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        started = time.monotonic()
        yield
        self.say(f"{time.monotonic() - started:7.2f} s  {title}")


def whole_case(folder: Path, *, say: Callable[[str], Any]) -> list[str]:
    """Return the serials (hexadecimal) of the certificates that the card proved.

    Writes packet.pdf, a PEM file for each certificate, chain.pem and record.json into `folder`.
    """
    steps = _Steps(say)
    officer = User.objects.get(username="officer")
    with steps.step("desk on line, card in the reader"):
        desk = waiting_desk()
    with steps.step("card read"):
        reading = read_card(desk, officer)
    with steps.step("case opened, identity checked"):
        case = open_case(reading, officer)
    with steps.step("packet printed"):
        if packet := packets.print_packet(case, by=officer):
            (folder / "packet.pdf").write_bytes(store.get(packet.merged))
    with steps.step("signatures recorded"):
        sign(case, officer)
    with steps.step("keys made, certificates issued, written, read back, proven"):
        _issue(case, desk, officer)
    with steps.step("copies handed over, case filed"):
        record = _file(case, officer)
    with steps.step("certificates read off the card, chains verified by OpenSSL"):
        serials = _verify(case, folder)
    with steps.step("audit verified"):
        _require_sound_audit()
    (folder / "record.json").write_text(_described(record, serials))
    return serials


def waiting_desk() -> Desk:
    def alive() -> Desk | None:
        desk = Desk.objects.filter(office__code=demo.OFFICE_CODE, card_present=True).first()
        return None if desk is None or desks.is_silent(desk) else desk

    return _wait_for(alive, "no desk with a card in its reader came on line")


def read_card(desk: Desk, officer: User) -> CardReading:
    asked = readings.ask(desk, by=officer)
    tasks.read_card.delay(str(asked.pk))

    def answered() -> CardReading | None:
        reading = CardReading.objects.get(pk=asked.pk)
        return None if reading.result == CardReading.Result.WAITING else reading

    reading = _wait_for(answered, "the desk did not read the card")
    if reading.result != CardReading.Result.READ:
        raise WalkError(f"the card was not read: {reading.failure_code}")
    return reading


def open_case(reading: CardReading, officer: User, procedure: str = "issue") -> Application:
    filled = cards.values(reading.card or {})
    applicant = Applicant(**{**filled, "phone": "064 123 4567", "certificate_email": EMAIL})
    choices = cases.Choices(
        procedure=procedure,
        script=Application.Script.CYRILLIC,
        email_choice=Application.EmailChoice.YES,
        contract_requested=True,
        contract_waiver="",
        request_brought=False,
        acknowledged=(),
    )
    case = cases.open_case(applicant, choices, by=officer, reading=reading)
    expires = applicant.document_expires_on
    document = {
        "kind": "лична карта",
        "number": applicant.document_number,
        "issuer": applicant.document_authority,
        "valid_until": expires.isoformat() if expires else None,
    }
    identity_checks.record(case, method="card", document=document, note="", by=officer)
    case.refresh_from_db()
    return case


def sign(case: Application, officer: User) -> None:
    case.refresh_from_db()  # it was printed since
    missing = [(each.paper.pk, each.role) for each in papers.missing_signatures(case)]
    today = timezone.localdate()
    signatures.record(case, missing, signed_on=today, place=case.office.place, by=officer)
    case.refresh_from_db()
    unmet = [each.sentence for each in gate.requirements(case) if not each.met]
    if unmet:
        raise WalkError(f"the certificate cannot be made: {unmet}")


def _issue(case: Application, desk: Desk, officer: User) -> None:
    started = issuances.start(case, desk, option="1", email=EMAIL, by=officer)
    tasks.command.delay(str(started.pk))

    def ended() -> Issuance | None:
        issuance = making.current(case)
        ends = {Stage.CONFIRMED, Stage.INTERRUPTED}
        return issuance if issuance is not None and issuance.stage in ends else None

    issuance = _wait_for(ended, "the making of the certificates did not end")
    if issuance.stage != Stage.CONFIRMED:
        raise WalkError(f"the certificates were not made: {issuance.failure_code}")
    case.refresh_from_db()


def _file(case: Application, officer: User) -> Record:
    stays, goes = handovers.expected(case)
    handovers.confirm(case, sorted(stays), sorted(goes), by=officer)
    filed = filings.file(case, by=officer)
    return Record.objects.get(reference=filed.record_reference)


def _verify(case: Application, folder: Path) -> list[str]:
    """Read the certificates off the card itself; compare them with those issued; check chains."""
    body = bodies.connector(case.body)
    chain = [x509.load_der_x509_certificate(der) for der in body.chain()]
    parts = [part.public_bytes(Encoding.PEM) for part in chain]
    (folder / "chain.pem").write_bytes(b"".join(parts))
    issued = case.certificates.filter(revoked_at=None).order_by("received_at")
    for each in issued:
        certificate = x509.load_der_x509_certificate(_on_card(Role(each.role)))
        if f"{certificate.serial_number:x}" != each.serial:
            raise WalkError("the card holds another certificate than the one issued")
        path = folder / f"{each.role}.pem"
        path.write_bytes(certificate.public_bytes(Encoding.PEM))
        _require_chain(path, parts)
    return [each.serial for each in issued]


def _on_card(role: Role) -> bytes:
    connection = transport.connect()
    try:
        der = selection.select(Channel(connection)).read_certificate(role)
    finally:
        connection.close()
    if der is None:
        raise WalkError("there is no certificate on the card")
    return der


def _require_chain(certificate: Path, chain: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        issuing, root = Path(folder) / "issuing.pem", Path(folder) / "root.pem"
        issuing.write_bytes(b"".join(chain[:-1]))
        root.write_bytes(chain[-1])
        command = ["openssl", "verify", "-x509_strict", "-CAfile", str(root)]
        command += ["-untrusted", str(issuing), str(certificate)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise WalkError(f"openssl does not accept the chain: {done.stderr.strip()}")


def _require_sound_audit() -> None:
    report = audit.verify()
    if report.findings:
        raise WalkError(f"the audit does not verify: {report}")


def _described(record: Record, serials: list[str]) -> str:
    described = {
        "case": record.case_number,
        "file": record.file_number,
        "certificates": serials,
        "papers": [
            {"kind": each.kind, "copy": each.copy, "sha256": each.sha256, "retained": each.retained}
            for each in record.files.all()
        ],
        "kept_until": record.retained_until.isoformat() if record.retained_until else None,
    }
    return json.dumps(described, ensure_ascii=False, indent=2)


def _wait_for(find: Callable[[], Found | None], otherwise: str) -> Found:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        found = find()
        if found is not None:
            return found
        time.sleep(0.1)
    raise WalkError(otherwise)

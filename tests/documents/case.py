"""A synthetic case and the papers that it prints."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from cardops.cards.profile import Role
from registration.documents import papers
from registration.documents.codes import CodeKey
from registration.documents.contexts import CaseContext, IssuedCertificate
from registration.documents.packet import Press
from registration.rules.applicant import Applicant

ON = date(2026, 11, 23)
APPLICANT = Applicant(
    given_name="Милица",
    surname="Ђорђевић",
    parent_name="Петар",
    jmbg="0101990610020",
    document_number="009876543",
    sex="Ž",
    born_on=date(1990, 1, 1),
    place_of_birth="Novi Sad",
    municipality_of_birth="Novi Sad",
    state_of_birth="Republika Srbija",
    document_issued_on=date(2022, 3, 15),
    document_expires_on=date(2032, 3, 15),
    document_authority="PU Novi Sad",
    state="Republika Srbija",
    municipality="Novi Sad",
    place="Novi Sad",
    street="Zmaj Jovina",
    house_number="12",
    letter="A",
    floor="3",
    apartment="14",
    phone="064 123 4567",
    certificate_email="milica@example.com",
)
CASE = CaseContext(
    case_number="260000001",
    run=1,
    procedure="issue",
    applicant=APPLICANT,
    email_choice="yes",
    contract_requested=True,
    contract_waiver="",
    office_code="071",
    office_name="Полицијска станица Савски венац",
    office_place="Београд",
    office_address="Примерна 1, Београд",
    officer="Јована Службеник",
    printed_on=ON,
    issued=(
        IssuedCertificate(Role.SIGNING, f"{2**158:x}", date(2031, 11, 23)),
        IssuedCertificate(Role.AUTHENTICATION, f"{3**100:x}", date(2031, 11, 23)),
    ),
    status_reason="lost",
    changed=(
        IssuedCertificate(Role.SIGNING, f"{2**158:x}", date(2031, 11, 23)),
        IssuedCertificate(Role.AUTHENTICATION, f"{3**100:x}", date(2031, 11, 23)),
    ),
)
WANTED = [
    (papers.shipped(kind)[0], copy)
    for kind, copies in (("request", (1,)), ("terms", (1, 2)), ("contract", (1, 2)))
    for copy in copies
]
_FOLDER = TemporaryDirectory(prefix="overa-papers-")  # gone with this process
PRESS = Press(CodeKey("A", bytes(range(32))), Path(_FOLDER.name))

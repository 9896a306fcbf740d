"""What a case puts on its papers, and how it is spelled there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cardops.cards.profile import Role
from registration.rules import digits
from registration.rules.applicant import Applicant
from registration.rules.scripts import Script

Values = Mapping[str, str]
"""The text of each field that a layout may show; empty where nothing stands."""

OFFICIAL = frozenset(  # what the office writes, on a form that the citizen fills in
    {"human", "copy", "office", "officer", "full_name", "signer", "place_and_date"}
)
CODED = ("human", "copy")  # fields that are written with the codes, and differ from copy to copy

_SERVICES = {
    "issue": "1 — издавање сертификата",
    "renew": "2 — обнављање сертификата",
    "unblock": "деблокада ПИН-а",
    "status": "промена статуса сертификата",
}
_STATUS_REASONS = {
    "": "",
    "lost": "лична карта је изгубљена или украдена",
    "data": "подаци корисника су промењени",
    "replaced": "сертификат је замењен другим",
    "died": "смрт корисника",
    "wish": "на захтев корисника",
    "doubt": "лична карта је нестала, а може се пронаћи",
    "found": "лична карта је пронађена",
}
_ROLES = {Role.SIGNING: "потписивање", Role.AUTHENTICATION: "аутентификација"}
_EMAILS = {"no": "не", "yes": "да", "unreadable": ""}
_OWNERS = {1: "за регистрационо тело", 2: "за корисника"}
SINGLE = frozenset(  # papers of which there is one copy
    {"request", "cover", "unblock", "status", "receipt", "reprint", "folder", "box", "notice"}
)
_CHANGED = 4  # certificates of a request to change their status
_REPRINTED = 6  # lines for what is printed again
_NOT_WRITTEN = "није уписан"
_SEXES = {"M": "мушки", "М": "мушки", "Ž": "женски", "Ж": "женски", "F": "женски"}


@dataclass(frozen=True)
class Box:
    """A box of the archive, as its label names it."""

    number: str
    content: str
    range: str
    place: str


@dataclass(frozen=True)
class IssuedCertificate:
    """A certificate on the card, as a paper names it."""

    role: Role
    serial: str  # hexadecimal
    until: date


@dataclass(frozen=True)
class CaseContext:
    """Everything that the papers of one print run say about their case."""

    case_number: str
    run: int
    procedure: str  # "issue" | "renew" | "unblock" | "status"
    applicant: Applicant
    email_choice: str  # "no" | "yes" | "unreadable"
    contract_requested: bool
    contract_waiver: str
    office_code: str
    office_name: str
    office_place: str
    office_address: str
    officer: str
    printed_on: date
    script: Script = Script.CYRILLIC
    head: str = ""  # of the log when this is printed: number and first digits of its hash
    reason: str = ""  # of a reprint
    reprinted: tuple[str, ...] = ()  # what is printed again
    issued: tuple[IssuedCertificate, ...] = ()  # on the card that is handed over
    reported_by: str = ""  # who brings and signs the request, if that is not the applicant
    status_reason: str = ""  # of `workflow.status.Reason`
    changed: tuple[IssuedCertificate, ...] = ()  # whose status is to change
    certificate_until: date | None = None  # in a notice of the expiry
    file_number: str = ""
    retained_until: date | None = None
    retained_for_ever: bool = False
    box: Box | None = None


def values(case: CaseContext) -> Values:
    """Return the fields of a case's papers, in the script of the case."""
    applicant = case.applicant
    said = (
        _person(applicant)
        | _lines(applicant)
        | _filed(case)
        | _issued(case)
        | _changed(case)
        | {
            "case_number": digits.case_number(case.case_number),
            "reason": case.reason,
            "office": case.office_name,
            "office_address": case.office_address or case.office_place,
            "officer": case.officer,
            "place_and_date": f"{case.office_place}, {day(case.printed_on)}",
            "service": _SERVICES[case.procedure],
            "email_wanted": _EMAILS[case.email_choice],
            "certificate_email": applicant.certificate_email,
            "email_written": applicant.certificate_email or "не уписује се",
            "contract_wish": _wish(case),
            "contract_copy": "примерак 2" if case.contract_requested else "није закључен",
            **{
                f"printed_{place}": _at(case.reprinted, place) for place in range(1, _REPRINTED + 1)
            },
            **dict.fromkeys(CODED, ""),
        }
    )
    return {name: case.script.spell(text) for name, text in said.items()}


def copy_line(case: CaseContext, kind: str, copy: int) -> str:
    """Return what a person reads beside the code: case, print run, whose copy."""
    number = digits.case_number(case.case_number)
    whose = "" if kind in SINGLE else f" · примерак {copy} — {_OWNERS[copy]}"
    return case.script.spell(f"Предмет {number} · штампа {case.run}{whose}")


def head_line(case: CaseContext) -> str:
    """Return what ties a sheet to the log: whoever writes the log anew has to find each paper."""
    return case.script.spell(f"Дневник {case.head}") if case.head else ""


def day(value: date | None) -> str:
    """Return a date as it is printed here: dd.mm.yyyy. with its last dot."""
    return f"{value:%d.%m.%Y.}" if value else ""


def address(applicant: Applicant) -> str:
    """Return the home in one line."""
    number = f"{applicant.house_number}{applicant.letter}".strip()
    named = (
        ("улаз", applicant.entrance),
        ("спрат", applicant.floor),
        ("стан", applicant.apartment),
    )
    return _listed(
        f"{applicant.street} {number}".strip(),
        *(f"{name} {value}" for name, value in named if value),
        applicant.place,
        applicant.municipality,
    )


def _lines(applicant: Applicant) -> dict[str, str]:
    """Return the home as it is written on a letter."""
    number = f"{applicant.house_number}{applicant.letter}".strip()
    flat = f"стан {applicant.apartment}" if applicant.apartment else ""
    return {
        "street_line": _listed(f"{applicant.street} {number}".strip(), flat),
        "place_line": _listed(applicant.place, applicant.municipality),
    }


def _person(applicant: Applicant) -> dict[str, str]:
    return {
        "surname": applicant.surname,
        "given_name": applicant.given_name,
        "full_name": applicant.full_name,
        "parent_name": applicant.parent_name,
        "jmbg": applicant.jmbg,
        "sex": _SEXES.get(applicant.sex.upper(), applicant.sex),
        "born_on": day(applicant.born_on),
        "birthplace": _listed(
            applicant.place_of_birth, applicant.municipality_of_birth, applicant.state_of_birth
        ),
        "address": address(applicant),
        "document_number": applicant.document_number,
        "document_authority": applicant.document_authority,
        "issued_on": day(applicant.document_issued_on),
        "expires_on": _expiry(applicant),
        "phone": applicant.phone,
        "contact_email": applicant.contact_email,
    }


def _filed(case: CaseContext) -> dict[str, str]:
    applicant, box = case.applicant, case.box or Box("", "", "", "")
    return {
        "certificate_until": day(case.certificate_until),
        "file_number": case.file_number,
        "filed_name": f"{applicant.surname} {applicant.given_name}",
        "retained_until": "трајно" if case.retained_for_ever else day(case.retained_until),
        "box_number": box.number,
        "box_content": box.content,
        "box_range": box.range,
        "box_place": box.place,
    }


def _issued(case: CaseContext) -> dict[str, str]:
    """Return serial and last day for each role; a role without one is named, not left empty."""
    by_role = {each.role: each for each in case.issued}
    said = dict.fromkeys((f"{role}_until" for role in Role), "")
    said |= dict.fromkeys((f"{role}_serial" for role in Role), _NOT_WRITTEN if by_role else "")
    for role, each in by_role.items():
        said |= {f"{role}_serial": each.serial, f"{role}_until": day(each.until)}
    return said


def _changed(case: CaseContext) -> dict[str, str]:
    """Return a line for each certificate whose status is to change, and who asks for it, why."""
    said = {
        "signer": case.reported_by or case.applicant.full_name,
        "reported_by": case.reported_by,
        "status_reason": _STATUS_REASONS[case.status_reason],
    }
    untils = tuple(day(each.until) for each in case.changed)
    serials = tuple(each.serial for each in case.changed)
    roles = tuple(_ROLES[each.role] for each in case.changed)
    for place in range(1, _CHANGED + 1):
        said |= {
            f"changed_{place}": _at(serials, place),
            f"changed_{place}_role": _at(roles, place),
            f"changed_{place}_until": _at(untils, place),
        }
    return said


def _at(texts: tuple[str, ...], place: int) -> str:
    return texts[place - 1] if place <= len(texts) else ""


def _listed(*parts: str) -> str:
    """Join what is said, once where place and municipality are called the same."""
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _expiry(applicant: Applicant) -> str:
    return "трајна" if applicant.document_permanent else day(applicant.document_expires_on)


def _wish(case: CaseContext) -> str:
    return "тражи се" if case.contract_requested else f"не тражи се: {case.contract_waiver}"

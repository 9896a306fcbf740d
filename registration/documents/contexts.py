"""What a case puts on its papers, and how it is spelled there."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from registration.documents import papers
from registration.documents.papers import PaperVersion
from registration.rules.applicant import Applicant
from registration.rules.scripts import Script

OPTIONS = (("issue", 1, "Издавање сертификата"), ("renew", 2, "Обнављање сертификата"))
_EMAILS = {"no": "не", "yes": "да", "unreadable": ""}


@dataclass(frozen=True)
class CaseContext:
    """Everything that the papers of one print run say about their case."""

    case_number: str
    run: int
    procedure: str  # "issue" | "renew"
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


def values(case: CaseContext, version: PaperVersion) -> dict[str, Any]:
    """Return what the templates of a case's papers may say."""
    return constants(version) | {
        "case": case,
        "applicant": case.applicant,
        "printed_on": day(case.printed_on),
        "born_on": day(case.applicant.born_on),
        "issued_on": day(case.applicant.document_issued_on),
        "expires_on": _expiry(case.applicant),
        "address": address(case.applicant),
        "options": [(number, text) for _code, number, text in OPTIONS],
        "chosen": next(text for code, _number, text in OPTIONS if code == case.procedure),
        "email_wanted": _EMAILS[case.email_choice],
    }


def constants(version: PaperVersion) -> dict[str, Any]:
    """Return what is the same for every case: all that the general terms may say."""
    return {
        "title": version.title,
        "version": version.code,
        "valid_from": day(version.valid_from),
        "bodies": papers.texts("bodies"),
        "law": papers.texts("law"),
    }


def day(value: date | None) -> str:
    """Return a date as it is printed here: dd.mm.yyyy. with its last dot."""
    return f"{value:%d.%m.%Y.}" if value else ""


def address(applicant: Applicant) -> str:
    """Return the home in one line."""
    number = f"{applicant.house_number}{applicant.letter}".strip()
    parts = [f"{applicant.street} {number}".strip()]
    named = (
        ("улаз", applicant.entrance),
        ("спрат", applicant.floor),
        ("стан", applicant.apartment),
    )
    parts += [f"{name} {value}" for name, value in named if value]
    parts += [applicant.place]
    parts += [applicant.municipality] if applicant.municipality != applicant.place else []
    return ", ".join(part for part in parts if part)


def _expiry(applicant: Applicant) -> str:
    return "трајна" if applicant.document_permanent else day(applicant.document_expires_on)

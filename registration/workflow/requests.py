"""The numbered forms of the office: which number is circled for what, and what else each brings."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from registration.workflow.states import Procedure


class PinChoice(StrEnum):
    """What Obrazac 2 asks for."""

    KEEP = "keep"
    CHANGE = "change"


class StatusChange(StrEnum):
    """What Obrazac 3 asks for."""

    REVOKE = "revoke"
    SUSPEND = "suspend"
    REACTIVATE = "reactivate"


@dataclass(frozen=True)
class Request:
    """One form. `options`: procedure or choice → the number before it, which the citizen circles.

    `certificate`: terms, contract and the question of the e-mail address come with it.
    `card`: nothing is done without the applicant's card in the reader.
    """

    form: int
    procedures: tuple[Procedure, ...]
    options: Mapping[str, str]
    certificate: bool
    card: bool = True


FORM_1 = Request(
    form=1,
    procedures=(Procedure.ISSUE, Procedure.RENEW),
    options={Procedure.ISSUE: "1", Procedure.RENEW: "2"},
    certificate=True,
)
FORM_2 = Request(
    form=2,
    procedures=(Procedure.UNBLOCK,),
    options={PinChoice.KEEP: "1", PinChoice.CHANGE: "2"},
    certificate=False,
)
FORM_3 = Request(
    form=3,
    procedures=(Procedure.STATUS,),
    options={
        StatusChange.REVOKE: "1",
        StatusChange.SUSPEND: "2",
        StatusChange.REACTIVATE: "3",
    },
    certificate=False,
    card=False,  # it may be what was lost
)
FORMS = (FORM_1, FORM_2, FORM_3)
NUMBERS = tuple(sorted({number for form in FORMS for number in form.options.values()}))


def of(procedure: str) -> Request:
    """Return the form that asks for the procedure."""
    return next(form for form in FORMS if procedure in form.procedures)


def circled(procedure: str, choice: str) -> str:
    """Return the number that must be circled; empty where the case asks for nothing known."""
    return of(procedure).options.get(choice or procedure, "")

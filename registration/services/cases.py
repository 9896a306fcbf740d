"""The case as a whole: opened, corrected, moved along the workflow, ended."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone

from archive import vault
from archive.services import audit, numbering
from registration import errors
from registration.models import Application, CardReading, StatusRequest, Unblocking, User
from registration.queries import cases as found
from registration.queries import renewals
from registration.rules import application as rules
from registration.rules import digits, eligibility
from registration.rules.applicant import Applicant
from registration.rules.findings import Finding
from registration.services import readings, status_choices
from registration.workflow import requests, states, status, unblocking
from registration.workflow.states import Procedure, Role, State, Step


@dataclass(frozen=True)
class Choices:
    """What was chosen on the form besides the person's data."""

    procedure: str
    script: str  # of the papers and of the citizen screen
    email_choice: str
    contract_requested: bool
    contract_waiver: str
    request_brought: bool
    acknowledged: tuple[str, ...]  # codes of the warnings that the officer confirmed
    pin_choice: str = ""  # of form 2
    status_change: str = ""  # of form 3, with all that follows
    status_reason: str = ""
    serials: tuple[str, ...] = ()  # none named: all that the change leads on from
    reported_by: str = ""

    @property
    def choice(self) -> str:
        return self.pin_choice or self.status_change


def open_case(
    applicant: Applicant, choices: Choices, *, by: User, reading: CardReading | None = None
) -> Application:
    """Open a case at the officer's office; BlockedError names everything that stops it.

    OpenCaseError names the case that the person has already, at whichever office.
    A card that was read for the form is held against what was typed. The person's open cases of
    Obrazac 1 and 2 at one office are linked, whichever was opened first.
    """
    if by.office is None:
        raise errors.ForeignOfficeError
    if Role.OFFICER not in roles_of(by):
        raise errors.NotAllowedError
    _require_unblocked(applicant, choices, renewals.of(applicant, choices.procedure, reading))
    choices = replace(choices, serials=status_choices.serials(applicant.jmbg, choices))
    with _only_open(applicant, choices), audit.transaction():
        application = Application(
            number=numbering.case_number(timezone.localdate().year),
            office=by.office,
            created_by=by,
        )
        _write(application, applicant, choices)
        _link(application)
        audit.append("case.open", subject=application.number, by=by, facts=_stated(choices))
        if reading is not None:
            readings.attach(reading, application)
    return application


def correct(
    application: Application, applicant: Applicant, choices: Choices, *, by: User
) -> Application:
    """Write other data; a case that was printed goes back to draft.

    Which of its papers still say what they should is found out when it is printed again.

    Raises ChangedMeanwhileError when the case is not as `application` shows it any more.
    """
    require_officer(application, by)
    if requests.of(choices.procedure) != requests.of(application.procedure):
        raise errors.NotNowError  # another form is another case
    last = renewals.last_read(application)
    _require_unblocked(
        applicant, choices, renewals.of(applicant, choices.procedure, last, application)
    )
    choices = replace(choices, serials=status_choices.serials(applicant.jmbg, choices))
    with _only_open(applicant, choices), audit.transaction():
        case = require_unmoved(application, by)
        require_quiet(case)
        facts = _stated(choices)
        if case.state == State.DRAFT:
            audit.append("case.amend", subject=case.number, by=by, facts=facts)
        else:
            case = advance(case, "correct", by=by, facts=facts)
        case.version += 1
        _write(case, applicant, choices)
        last = case.card_readings.last()
        if last is not None:
            readings.attach(last, case)
    return case


def correctable(application: Application) -> bool:
    """Tell whether other data may be written where the case stands."""
    state = State(application.state)
    sources = states.step(Procedure(application.procedure), "correct").sources
    return state == State.DRAFT or state in sources


def withdraw(application: Application, reason: str, *, by: User) -> Application:
    """End the case because the citizen does not want it any more."""
    return _close(application, "withdraw", reason, by)


def refuse(application: Application, reason: str, *, by: User) -> Application:
    """End the case because the office must not issue."""
    return _close(application, "refuse", reason, by)


def _close(application: Application, step: str, reason: str, by: User) -> Application:
    with audit.transaction():
        case = advance(application, step, by=by, facts={"reason": reason})
        case.closing_reason = reason
        case.save()
    return case


def advance(
    application: Application,
    name: str,
    *,
    by: User | None,
    facts: Mapping[str, Any] | None = None,
) -> Application:
    """Take a step of the workflow and audit it; `by=None` is the desk's word.

    Raises ForeignOfficeError, NotAllowedError, NotNowError. Returns the case as it stands now.
    """
    step = _step(application, name)
    if by is not None:
        require_office(application, by)
    if not step.roles & roles_of(by):
        raise errors.NotAllowedError
    with audit.transaction():
        case = locked(application)
        if by is not None:
            require_quiet(case)
        case.state = require_possible(case, name).target
        case.version += 1
        case.save()
        audit.append(step.event, subject=case.number, by=by, facts=facts)
    return case


def require_possible(case: Application, name: str) -> Step:
    """Return the step of that name; NotNowError where it does not lead on from the case's state."""
    step = _step(case, name)
    try:
        return states.advance(Procedure(case.procedure), step.name, State(case.state))
    except states.StepNotAllowedError as fault:
        raise errors.NotNowError(step=fault.name, state=fault.state) from fault


def _step(case: Application, name: str) -> Step:
    try:
        return states.step(Procedure(case.procedure), name)
    except KeyError as fault:  # another procedure's
        raise errors.NotNowError(step=name, state=case.state) from fault


def locked(application: Application) -> Application:
    """Return the case as it is now, its row locked where the database can."""
    cases = Application.objects.select_for_update(of=("self",), no_key=True).select_related(
        "office"
    )
    return cases.get(pk=application.pk)


def require_office(application: Application, by: User) -> None:
    """Raise ForeignOfficeError unless the case is of the person's own office."""
    if application.office_id != by.office_id:
        raise errors.ForeignOfficeError


def require_officer(application: Application, by: User) -> None:
    """Raise ForeignOfficeError, NotAllowedError unless an officer of the case's office acts."""
    require_office(application, by)
    _require_officer(by)


def require_quiet(case: Application) -> None:
    """Raise DeskAtWorkError, BodyAskedError while a desk or the body is at work for the case."""
    if Unblocking.objects.filter(application=case, stage=unblocking.Stage.WAITING).exists():
        raise errors.DeskAtWorkError
    if StatusRequest.objects.filter(application=case, stage=status.Stage.WAITING).exists():
        raise errors.BodyAskedError


def require_unmoved(application: Application, by: User) -> Application:
    """Return the case locked; raise where it is another office's or somebody changed it."""
    require_officer(application, by)
    case = locked(application)
    if case.version != application.version:
        raise errors.ChangedMeanwhileError
    return case


def roles_of(by: User | None) -> frozenset[Role]:
    """Return the roles that somebody's groups give; the desk speaks without a user."""
    if by is None:
        return frozenset({Role.DESK})
    names = by.groups.values_list("name", flat=True)
    return frozenset(Role(name) for name in names if name in set(Role) - {Role.DESK})


def _require_officer(by: User) -> None:
    if Role.OFFICER not in roles_of(by):
        raise errors.NotAllowedError


def _require_unblocked(
    applicant: Applicant, choices: Choices, renewal: tuple[Finding, ...]
) -> None:
    certificate = requests.of(choices.procedure).certificate
    if not requests.circled(choices.procedure, choices.choice):
        raise errors.OptionError
    findings = (*_findings(applicant, choices, certificate=certificate), *renewal)
    if rules.unconfirmed(findings, choices.acknowledged):
        raise errors.BlockedError(findings)


def _findings(applicant: Applicant, choices: Choices, *, certificate: bool) -> tuple[Finding, ...]:
    if choices.procedure == Procedure.STATUS:  # nobody asks what may be written to a card
        return rules.check_person(applicant, today=timezone.localdate())
    return rules.check(
        applicant,
        eligibility.Rules.from_settings(settings.OVERA),
        today=timezone.localdate(),
        email_choice=choices.email_choice,
        contract_requested=choices.contract_requested or not certificate,
        contract_waiver=choices.contract_waiver,
    )


@contextmanager
def _only_open(applicant: Applicant, choices: Choices) -> Iterator[None]:
    """Say with which case the person came already where the database refuses a second one."""
    try:
        yield
    except IntegrityError as fault:
        token = vault.token("jmbg", digits.clean(applicant.jmbg))
        other = Application.objects.filter(
            jmbg_token=token,
            state__in=states.OPEN,
            procedure__in=requests.of(choices.procedure).procedures,
        ).first()
        if other is None:
            raise
        raise errors.OpenCaseError(other.number, other.office.name) from fault


def _write(case: Application, applicant: Applicant, choices: Choices) -> None:
    for name, value in asdict(choices).items():
        setattr(case, name, list(value) if isinstance(value, tuple) else value)
    case.applicant = applicant.to_json()
    case.full_name = applicant.full_name[:200]
    case.name_folded = found.folded(applicant.full_name)
    case.jmbg_token = vault.token("jmbg", digits.clean(applicant.jmbg))
    case.document_token = vault.token("document", digits.clean(applicant.document_number))
    case.save()


def _link(case: Application) -> None:
    if requests.of(case.procedure) == requests.FORM_2:
        case.linked_to = found.open_beside(case, requests.FORM_1).first()
        case.save(update_fields=["linked_to"])
    elif requests.of(case.procedure) == requests.FORM_1:
        found.open_beside(case, requests.FORM_2).update(linked_to=case)


def _stated(choices: Choices) -> dict[str, Any]:
    """Return the choices for the audit; what names people or reasons is in the case alone."""
    stated = asdict(choices)
    del stated["contract_waiver"], stated["reported_by"]
    return stated | {
        "acknowledged": list(choices.acknowledged),
        "serials": list(choices.serials),
    }

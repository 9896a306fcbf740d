"""Every step from every state by every role: allowed exactly where the table says so."""

from itertools import product

import pytest

from archive.models import AuditEvent
from registration import errors
from registration.models import Application, Desk, User
from registration.services import cases
from registration.workflow import states
from registration.workflow.states import Procedure, Role, State
from tests.pages import counter

_ISSUING = states.STEPS[Procedure.ISSUE]
OWN = [  # the others are the same rows
    (procedure, step)
    for procedure in (Procedure.UNBLOCK, Procedure.STATUS)
    for step in states.STEPS[procedure]
    if step not in _ISSUING
]
STEPS = [(Procedure.ISSUE, step) for step in _ISSUING] + OWN
PEOPLE = [Role.OFFICER, Role.CLERK, Role.MANAGER, Role.ADMINISTRATOR, Role.DESK]


@pytest.fixture
def case(officer: User, desk: Desk) -> Application:
    return counter.opened(officer, desk)


def named(each: object) -> str:
    if isinstance(each, tuple):
        procedure, step = each
        return f"{procedure}-{step.name}"
    return str(each)


@pytest.mark.parametrize(("entry", "state", "role"), list(product(STEPS, State, PEOPLE)), ids=named)
def test_a_step_is_taken_exactly_where_the_table_has_it(
    case: Application, entry: tuple[Procedure, states.Step], state: State, role: Role
) -> None:
    case.procedure, step = entry
    case.save()
    Application.objects.filter(pk=case.pk).update(state=state)
    by = None if role == Role.DESK else User.objects.get(username=role.value)
    allowed = role in step.roles and state in step.sources
    if allowed:
        assert cases.advance(case, step.name, by=by).state == step.target
    else:
        with pytest.raises((errors.NotAllowedError, errors.NotNowError)):
            cases.advance(case, step.name, by=by)
    case.refresh_from_db()
    assert case.state == (step.target if allowed else state)
    assert AuditEvent.objects.filter(event=step.event).count() == int(allowed)


def test_another_offices_officer_takes_no_step(case: Application, officer: User) -> None:
    officer.office = counter.office("072", "Zemun")
    officer.save()
    for step in _ISSUING:
        if Role.OFFICER in step.roles:
            with pytest.raises(errors.ForeignOfficeError):
                cases.advance(case, step.name, by=officer)
    assert AuditEvent.objects.filter(subject=case.number).count() == 1


def test_every_state_but_the_last_has_a_way_out() -> None:
    for procedure in Procedure:
        sources = {source for step in states.STEPS[procedure] for source in step.sources}
        assert states.states(procedure) - sources == {State.FILED}


def test_a_step_of_another_procedure_is_refused(case: Application, officer: User) -> None:
    with pytest.raises(errors.NotNowError):
        cases.advance(case, "perform_elsewhere", by=officer)

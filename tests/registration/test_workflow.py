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

STEPS = states.STEPS[Procedure.ISSUE]
PEOPLE = [Role.OFFICER, Role.CLERK, Role.MANAGER, Role.ADMINISTRATOR, Role.DESK]


@pytest.fixture
def case(officer: User, desk: Desk) -> Application:
    return counter.opened(officer, desk)


@pytest.mark.parametrize(
    ("step", "state", "role"),
    list(product(STEPS, State, PEOPLE)),
    ids=lambda each: each.name if isinstance(each, states.Step) else str(each),
)
def test_a_step_is_taken_exactly_where_the_table_has_it(
    case: Application, step: states.Step, state: State, role: Role
) -> None:
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
    for step in STEPS:
        if Role.OFFICER in step.roles:
            with pytest.raises(errors.ForeignOfficeError):
                cases.advance(case, step.name, by=officer)
    assert AuditEvent.objects.filter(subject=case.number).count() == 1


def test_every_state_but_the_last_has_a_way_out() -> None:
    for procedure in Procedure:
        sources = {source for step in states.STEPS[procedure] for source in step.sources}
        assert set(State) - sources == {State.FILED}

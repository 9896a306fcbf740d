"""Two desks, one applicant: one case is opened, the other officer is told where it stands."""

from functools import partial

import pytest

from archive import vault
from registration import errors
from registration.models import Application, Desk, User
from registration.rules import digits
from registration.rules.applicant import Applicant
from registration.services import cases
from tests.concurrency.at_once import at_once
from tests.concurrency.outcomes import events, only_one
from tests.concurrency.ready import CHOICES, corrected
from tests.pages import counter
from tests.people import person

pytestmark = pytest.mark.django_db(transaction=True)

RIGHTS = ("view_application", "add_application", "change_application")


@pytest.fixture
def elsewhere() -> User:
    """Return an officer of another office."""
    return person("ana", counter.office("072", "Zemun"), *RIGHTS)


def opens(applicant: Applicant, at: Desk, by: User) -> Application:
    card = counter.reading(at, by, applicant=applicant)
    return cases.open_case(applicant, CHOICES, by=by, reading=card)


def test_one_case_is_opened_for_one_person(
    officer: User, colleague: User, elsewhere: User, desk: Desk, second_desk: Desk
) -> None:
    outcomes = at_once(
        partial(opens, counter.PETAR, desk, officer),
        partial(opens, counter.PETAR, second_desk, colleague),
        partial(cases.open_case, counter.PETAR, CHOICES, by=elsewhere),
    )
    opened = only_one(outcomes, errors.OpenCaseError)
    assert Application.objects.get() == opened
    assert opened.number.endswith("0000001")
    told = [each.sentence() for each in outcomes if each is not opened]
    named = f"{digits.case_number(opened.number)}, {opened.office.name}."
    assert all(named in sentence for sentence in told)
    assert events(opened.number) == ["case.open"]


def test_who_gives_a_case_the_number_of_somebody_who_comes_at_that_moment(
    officer: User, colleague: User, desk: Desk, second_desk: Desk
) -> None:
    mistyped = counter.opened(officer, desk, counter.citizen(1))
    only_one(
        at_once(
            partial(corrected, mistyped, phone="011 1", by=officer),
            partial(opens, counter.PETAR, second_desk, colleague),
        ),
        errors.OpenCaseError,
    )
    petar = vault.token("jmbg", counter.JMBG)
    assert Application.objects.filter(jmbg_token=petar).count() == 1


def test_a_case_ends_while_the_next_is_opened(
    officer: User, colleague: User, desk: Desk, second_desk: Desk
) -> None:
    first = counter.opened(officer, desk, counter.PETAR)
    ended, following = at_once(
        partial(cases.withdraw, first, "predomislio se", by=officer),
        partial(opens, counter.PETAR, second_desk, colleague),
    )
    assert ended.state == "withdrawn"
    if isinstance(following, Exception):
        assert isinstance(following, errors.OpenCaseError)
        following = opens(counter.PETAR, second_desk, colleague)
    assert following.number > first.number

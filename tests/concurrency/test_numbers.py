"""Numbers of cases and files: none left out, none given twice, whoever takes them at once."""

from functools import partial

import pytest
from django.utils import timezone

from archive.models import Counter
from archive.services import audit, numbering
from registration.models import Application, Desk, User
from registration.services import filings
from tests.concurrency import ready
from tests.concurrency.at_once import at_once
from tests.concurrency.outcomes import refused
from tests.pages import counter

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 8


def taken(*, and_fails: bool) -> int:
    with audit.transaction():
        number = numbering.take("book", timezone.localdate().year)
        if and_fails:
            raise ZeroDivisionError
    return number


def test_a_books_first_numbers_are_taken_at_once() -> None:
    numbers = at_once(*(partial(taken, and_fails=False) for _ in range(MANY)))
    assert sorted(numbers) == list(range(1, MANY + 1))
    assert Counter.objects.get().last == MANY


def test_a_number_that_was_rolled_back_is_given_to_another() -> None:
    outcomes = at_once(*(partial(taken, and_fails=turn % 2 == 0) for turn in range(MANY)))
    numbers = [each for each in outcomes if isinstance(each, int)]
    assert sorted(numbers) == list(range(1, MANY // 2 + 1))


def test_cases_opened_at_once_are_numbered_without_a_gap(
    officer: User, colleague: User, desk: Desk, second_desk: Desk
) -> None:
    people = (officer, desk), (colleague, second_desk)
    outcomes = at_once(
        *(partial(counter.opened, *people[turn % 2], counter.citizen(turn)) for turn in range(MANY))
    )
    assert refused(outcomes) == []
    numbers = Application.objects.order_by("number").values_list("number", flat=True)
    year = timezone.localdate().year % 100
    assert list(numbers) == [f"{year}{number:07}" for number in range(1, MANY + 1)]


def test_cases_filed_at_once_are_numbered_without_a_gap(
    officer: User, colleague: User, desk: Desk
) -> None:
    done = [ready.handed_over(officer, desk) for _ in range(3)]
    outcomes = at_once(*(partial(filings.file, case, by=colleague) for case in done))
    assert refused(outcomes) == []
    filed = sorted(case.file_number for case in outcomes)
    year = timezone.localdate().year
    assert filed == [f"{number}/{year}" for number in (1, 2, 3)]

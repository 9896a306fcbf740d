"""Nothing is open that the table does not say; the table says nothing that is not there."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from registration.workflow.states import Role
from tests.people import employee
from tests.permissions import addresses, offices, table
from tests.permissions.offices import Place
from tests.permissions.walk import CRASHED, HIDDEN, METHODS, NO, NOT_TAKEN, YES, Cell, Walk

pytestmark = pytest.mark.django_db

KEEPERS = {Role.CLERK, Role.COMMISSION, Role.HEAD}  # of every office's records

# Names in lists of the own office's work, and files in which nobody is named.
UNLOGGED = {
    "registration:case_list",
    "registration:notices",
    "registration:scan_stack",
    "registration:scan_stack_live",
    "registration:day_sheet",
    "registration:form_1",
    "registration:help_leaflet",
}
# Where the number stands in full: pages of the officer at work, on which forms are shown again.
WHOLE_NUMBER = "registration:case"
FILES = ("%PDF", "\ufffdPNG", "\ufffd\ufffd", "PK")


@dataclass(frozen=True)
class Measured:
    own: Place
    foreign: Place
    cells: list[Cell]
    looks: list[Cell]  # of a colleague of the officer, who has no hand in the case

    def showing(self, *texts: str) -> set[tuple[str, str]]:
        """Return (role, address) wherever one of the texts stands in an answer."""
        return {
            (cell.role, cell.name)
            for cell in self.cells
            if any(text in cell.answer.content for text in texts)
        }


@pytest.fixture(scope="module")
def measured(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Measured:
    """Walk once; what was made for it is gone before the tests begin."""
    with django_db_blocker.unblock(), transaction.atomic():
        own, foreign = offices.own(), offices.foreign()
        logging.disable(logging.WARNING)  # of what is refused, which most of the walk is
        walk = Walk(own, foreign)
        cells = list(walk.cells())
        colleague = employee("colleague", own.office, Role.OFFICER.value)
        looks = list(walk.looks(colleague))
        logging.disable(logging.NOTSET)
        transaction.set_rollback(True)
    return Measured(own, foreign, cells, looks)


def test_every_cell_is_as_the_table_says(measured: Measured) -> None:
    declared = {(row.name, method): row.cells for row in table.rows() for method in row.methods}
    differing = {
        key: (cells, declared.get(key))
        for key, cells in asked(measured.cells).items()
        if declared.get(key) != cells
    }
    assert differing == {}, "(measured, declared); correct tests/permissions/table.txt or the code"


def test_the_table_names_nothing_twice_and_nothing_that_is_gone(measured: Measured) -> None:
    named = [(row.name, method) for row in table.rows() for method in row.methods]
    assert len(named) == len(set(named))
    assert set(named) - set(asked(measured.cells)) == set()


def test_every_address_has_a_row() -> None:
    assert {each.name for each in addresses.every()} == {row.name for row in table.rows()}


def test_every_role_has_a_column() -> None:
    assert tuple(table.roles()) == offices.ROLES


def test_nothing_crashes(measured: Measured) -> None:
    crashed = [cell for cell in measured.cells if cell.answer.verdict == CRASHED]
    assert [(cell.name, cell.method, cell.role, cell.place) for cell in crashed] == []


def test_nobody_but_the_archive_meets_another_offices_case(measured: Measured) -> None:
    other = measured.foreign
    marks = (other.case.number, shown(other.case.number), other.record.file_number)
    kept = {"search", "record", "disposal", "disposal_step", "hold", "hold_confirm", "hold_lift"}
    assert measured.showing(offices.FOREIGN_SURNAME, *marks) == {
        *((role, f"archive:{name}") for role in KEEPERS for name in kept),
        *((role, "registration:evidence") for role in KEEPERS - {Role.HEAD}),
        *((role, "archive:viewer") for role in KEEPERS - {Role.HEAD}),
        (Role.COMMISSION, "archive:disposal_review"),
        *((Role.CLERK, f"archive:{name}") for name in ("place", "check", "lend", "loan", "loans")),
    }


def test_administrators_meet_no_citizen(measured: Measured) -> None:
    met = {role for role, _name in measured.showing(offices.SURNAME, offices.FOREIGN_SURNAME)}
    assert met == {Role.OFFICER, Role.MANAGER, *KEEPERS}


def test_the_number_stands_whole_only_where_its_officer_works(measured: Measured) -> None:
    assert measured.showing(offices.FOREIGN_JMBG) == set()
    found = measured.showing(offices.JMBG)
    assert {role for role, _name in found} == {Role.OFFICER}
    assert {name for _role, name in found if not name.startswith(WHOLE_NUMBER)} == set()
    assert (Role.OFFICER, "registration:case_list") not in found


def asked(cells: Iterable[Cell]) -> dict[tuple[str, str], dict[str, str]]:
    """Return what each role got from each address by each method that the address takes."""
    got: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for cell in cells:
        got[cell.name, cell.method][cell.role].append(cell.answer.verdict)
    return {key: dict(_folded(by_role)) for key, by_role in got.items() if _taken(by_role)}


def _taken(by_role: dict[str, list[str]]) -> bool:
    verdicts = {verdict for verdicts in by_role.values() for verdict in verdicts}
    return YES in verdicts or NOT_TAKEN not in verdicts


def _folded(by_role: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    for role, verdicts in by_role.items():
        yield role, "/".join(dict.fromkeys(verdicts))


def shown(number: str) -> str:
    return f"{number[:2]}-{number[2:]}"


def test_every_look_at_a_citizen_is_in_the_log(measured: Measured) -> None:
    unlogged = {
        cell.name
        for cell in measured.looks
        if names_a_citizen(cell.answer.content)
        and not any(event == "viewed" for _stream, event in cell.answer.noted)
    }
    assert unlogged == UNLOGGED


def test_every_refusal_is_in_the_log(measured: Measured) -> None:
    """Of who is logged in; the administration leads back from rows that it does not show."""
    silent = {
        (cell.name, cell.method, cell.role, cell.place)
        for cell in measured.cells
        if cell.role != offices.ANONYMOUS
        and cell.method in METHODS
        and cell.answer.verdict in ({NO} if cell.name.startswith("admin:") else {NO, HIDDEN})
        and not any(event.endswith(".refused") for _stream, event in cell.answer.noted)
    }
    assert silent == set()


def names_a_citizen(content: str) -> bool:
    """Tell text with the name or number of somebody; of a file, which may, every one."""
    marks = (offices.SURNAME, offices.JMBG)
    return content.startswith(FILES) or any(mark in content for mark in marks)

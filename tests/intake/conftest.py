"""One printed packet, and the office that knows it."""

import numpy as np
import pytest
from numpy.random import Generator

from registration.documents.codes import PageCode
from registration.intake import pictures
from registration.intake.born import BornPage
from registration.intake.naming import Known
from registration.intake.reading import Office
from tests.intake import born
from tests.intake.born import Born

Pages = dict[tuple[str, int, int], Born]


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Let pictures be worked on by one thread: other tests run beside these."""
    pictures.one_thread()


@pytest.fixture(scope="session")
def packet() -> Pages:
    """Return the pages of a case by kind, copy and page."""
    return {(each.kind, each.copy, each.page.number): each for each in born.packet_of(1)}


@pytest.fixture
def rng() -> Generator:
    return np.random.default_rng(20261123)


@pytest.fixture(scope="session")
def office(packet: Pages) -> Office:
    return office_of(packet)


def office_of(packet: Pages, superseded: str = "") -> Office:
    """Return an office that knows these pages of case 26-0000001, print run 1."""

    def found(code: PageCode) -> Born | None:
        known = code.case_number == "260000001" and code.run == 1
        return packet.get((code.kind, code.copy, code.page)) if known else None

    def lookup(code: PageCode) -> Known | None:
        page = found(code)
        return Known(page.content_hash, superseded) if page else None

    def printed(code: PageCode) -> BornPage | None:
        page = found(code)
        return page.page if page else None

    return Office(born.KEY, lookup, printed)

"""News of one chain told at once: nobody waits for ever, and every term counts all of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest

from archive.models import Record
from archive.services import records
from registration.models import User
from tests.archive import cases
from tests.concurrency.at_once import at_once, just_before
from tests.concurrency.outcomes import refused

pytestmark = pytest.mark.django_db(transaction=True)


def filed(serial: int, renews: str, by: User, years: int = 5) -> Record:
    made = replace(cases.certificate(serial, years=years), renews=renews)
    return records.file(cases.filing(certificates=(made,)), by=by)


def test_ends_of_one_chain_at_once(officer: User, colleague: User) -> None:
    first, second = filed(0xA1, "", officer), filed(0xB2, "a1", officer)
    told = ((second, "b2", 2028, colleague), (first, "a1", 2027, officer))
    outcomes = at_once(
        *(
            partial(
                records.certificate_ended,
                record,
                serial,
                datetime(year, 5, 1, tzinfo=UTC),
                "superseded",
                by=by,
            )
            for record, serial, year, by in told
        )
    )
    assert refused(outcomes) == []
    kept = Record.objects.order_by("pk").values_list("retention_anchor", "retained_until")
    assert list(kept) == [("chain", date(2038, 12, 31)), ("revocation", date(2038, 12, 31))]


@pytest.mark.parametrize("race", [at_once, just_before])
def test_a_successor_filed_while_the_end_is_told(
    officer: User, colleague: User, race: Callable[..., list[Any]]
) -> None:
    """Until its end is told the predecessor would have outlived the successor."""
    first = filed(0xA1, "", officer, years=9)
    at = datetime(2027, 5, 1, tzinfo=UTC)
    outcomes = race(
        partial(filed, 0xB2, "a1", colleague),
        partial(records.certificate_ended, first, "a1", at, "superseded", by=officer),
    )
    assert refused(outcomes) == []
    kept = Record.objects.order_by("pk").values_list("retention_anchor", "retained_until")
    assert list(kept) == [("chain", date(2041, 12, 31)), ("expiry", date(2041, 12, 31))]

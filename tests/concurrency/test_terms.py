"""News of one chain told at once: nobody waits for ever, and every term counts all of it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

import pytest

from archive.models import Record
from archive.services import records
from registration.models import User
from tests.archive import cases
from tests.concurrency.at_once import at_once
from tests.concurrency.outcomes import refused

pytestmark = pytest.mark.django_db(transaction=True)


def filed(serial: int, renews: str, by: User) -> Record:
    made = replace(cases.certificate(serial), renews=renews)
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


def test_a_successor_filed_while_the_end_is_told(officer: User, colleague: User) -> None:
    first = filed(0xA1, "", officer)
    at = datetime(2027, 5, 1, tzinfo=UTC)
    outcomes = at_once(
        partial(records.certificate_ended, first, "a1", at, "superseded", by=officer),
        partial(filed, 0xB2, "a1", colleague),
    )
    assert refused(outcomes) == []
    kept = Record.objects.order_by("pk").values_list("retention_anchor", "retained_until")
    assert list(kept) == [("chain", date(2041, 12, 31)), ("expiry", date(2041, 12, 31))]

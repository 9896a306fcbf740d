"""What the officer is told about the card that was read, and when it blocks the issuing."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from registration.models import Application, CardReading, Desk, User
from registration.queries import cases, gate
from registration.services import readings
from tests.pages import counter
from tests.pages.page import Page

PROVEN = {"authenticity": "proven"}
FORGED = {"authenticity": "not-proven", "reason": "file-differs", "files": ["0F03", "0F06"]}
UNSIGNED = {"authenticity": "cannot-tell", "reason": "no-hashes", "files": ["0F1C"]}
SEE_STEP = "The data of the card are not proven: see the step “Identity and card” for what to do."


@pytest.fixture
def case(officer: User, desk: Desk) -> Application:
    return counter.checked(officer, desk)


def read(case: Application, officer: User, desk: Desk, **said: Any) -> CardReading:
    """Let another card be read for the case, like the applicant's but for what is said."""
    reading = counter.reading(desk, officer, applicant=cases.applicant_of(case))
    person = {**reading.card["person"], **said.pop("person", {})}
    reading.card = {**reading.card, **said, "person": person}
    reading.authenticity = reading.card["authenticity"]
    readings.attach(reading, case)
    return reading


def card_requirement(case: Application) -> tuple[bool, str]:
    (found,) = (each for each in gate.requirements(case) if each.code == "card_matches")
    return found.met, found.sentence


def shown(client: Client, case: Application) -> Page:
    return Page.get(client, f"/cases/{case.number}/")


def test_a_proven_card_is_called_proven(
    client: Client, case: Application, officer: User, desk: Desk
) -> None:
    read(case, officer, desk, **PROVEN)
    page = shown(client, case)
    assert page.text("//*[@data-authenticity='proven']") == (
        "✓ Proven: the ministry signed what the card says."
    )
    assert page.text("//*[@data-reading='matches']").endswith(").")
    assert card_requirement(case)[0]


def test_a_forged_card_says_what_was_changed_and_blocks(
    client: Client, case: Application, officer: User, desk: Desk
) -> None:
    read(case, officer, desk, **FORGED)
    page = shown(client, case)
    assert page.text("//*[@data-authenticity='not-proven']") == (
        "NOT PROVEN: other than what the ministry signed: personal data, portrait. Do not issue to"
        " this card: compare the holder with the ministry's records and tell your manager."
    )
    assert page.steps()["identity"] == "current"
    assert card_requirement(case) == (False, SEE_STEP)


def test_what_nobody_can_tell_blocks_only_where_the_office_says_so(
    client: Client, case: Application, officer: User, desk: Desk, settings: LazySettings
) -> None:
    read(case, officer, desk, **UNSIGNED)
    assert page_says(client, case) == (
        "Nobody can tell whether the card is genuine: its data are not signed. Compare card,"
        " portrait and person with care."
    )
    assert card_requirement(case)[0]
    settings.OVERA = settings.OVERA | {"CARD_REFUSED_WHEN": ["not-proven", "cannot-tell"]}
    assert card_requirement(case) == (False, SEE_STEP)


def page_says(client: Client, case: Application) -> str:
    return shown(client, case).text("//*[@data-authenticity]")


def test_an_office_may_take_what_is_not_proven(
    case: Application, officer: User, desk: Desk, settings: LazySettings
) -> None:
    settings.OVERA = settings.OVERA | {"CARD_REFUSED_WHEN": []}
    read(case, officer, desk, **FORGED)
    assert card_requirement(case)[0]


def test_a_desk_of_an_older_version_tells_nothing(
    client: Client, case: Application, officer: User, desk: Desk
) -> None:
    read(case, officer, desk, authenticity="cannot-tell")
    assert "the desk's program does not examine it" in page_says(client, case)


def test_a_card_of_2008_is_shown_and_refused(
    client: Client, case: Application, officer: User, desk: Desk
) -> None:
    reason = {"authenticity": "cannot-tell", "reason": "old-card"}
    read(case, officer, desk, kind="old", portrait="", **reason)
    assert "needs a new identity card" in shown(client, case).text("//*[@data-reading='old']")
    assert card_requirement(case) == (
        False,
        "The chip of this card is too old for a certificate: it has to be replaced.",
    )


def test_a_foreigners_card_is_called_one(
    client: Client, case: Application, officer: User, desk: Desk
) -> None:
    read(case, officer, desk, kind="foreigner", **PROVEN)
    said = shown(client, case).text("//*[@data-reading='matches']")
    assert said.endswith("A foreigner's identity card.")


def test_another_persons_card_is_told_by_field_with_both_values(
    client: Client, case: Application, officer: User, desk: Desk
) -> None:
    read(case, officer, desk, person={"surname": "ЈОВИЋ", "jmbg": "0101990600008"})
    page = shown(client, case)
    assert page.texts("//*[@data-differs]//td | //*[@data-differs]//th") == [
        *("JMBG", "**********020", "**********008"),
        *("surname", "Петровић", "ЈОВИЋ"),
    ]
    assert "0101990600008" not in page.source
    assert not card_requirement(case)[0]


def test_the_form_that_a_card_filled_says_whether_it_is_proven(
    client: Client, officer: User, desk: Desk
) -> None:
    reading = counter.reading(desk, officer)
    page = Page.post(client, "/cases/new/", fill=reading.pk)
    assert page.one("//*[@data-reading='filled']") is not None
    assert page.texts("//*[@data-authenticity]") == [
        "✓ Proven: the ministry signed what the card says."
    ]

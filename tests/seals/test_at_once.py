"""Two workers at one paper, a person who gives up while a worker seals: on both databases."""

from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from registration.models import Application, Desk, PaperSeal, User
from registration.seals.base import KeyFile
from registration.services import filings, seals
from tests.concurrency import ready
from tests.concurrency.at_once import at_once
from tests.concurrency.conftest import desk, english, keys, office, officer, whole_chain
from tests.concurrency.outcomes import refused
from tests.seals.office import State, record, rows, section
from tests.seals.stamper import Stamper

__all__ = ["desk", "english", "keys", "office", "officer", "whole_chain"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filed(
    officer: User,
    desk: Desk,
    authority: Stamper,
    key: KeyFile,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Application:
    sealing = {**settings.OVERA, "SEAL": section(authority, key, tmp_path)}
    monkeypatch.setattr(settings, "OVERA", sealing)
    return filings.file(ready.handed_over(officer, desk), by=officer)


def test_two_workers_make_one_seal(filed: Application, authority: Stamper) -> None:
    first, before = seals.due(timezone.now())[0], authority.asked
    assert at_once(*(partial(seals.perform, first) for _each in range(2))) == [None, None]
    assert (rows(filed)[0].state, rows(filed)[0].tries) == (State.SEALED, 1)
    assert record(filed).files.filter(edition="sealed").count() == 1
    assert authority.asked - before == 2


def test_two_workers_seal_two_papers(filed: Application) -> None:
    first, second, *_rest = seals.due(timezone.now())
    assert at_once(partial(seals.perform, first), partial(seals.perform, second)) == [None, None]
    assert [row.state for row in rows(filed)[:2]] == [State.SEALED] * 2


def test_who_gives_up_while_a_worker_seals_wins_or_is_told(filed: Application) -> None:
    row = PaperSeal.objects.get(pk=seals.due(timezone.now())[0])
    outcomes = at_once(
        partial(seals.perform, str(row.pk)), partial(seals.give_up, row, "no more", by=None)
    )
    row.refresh_from_db()
    sealed = record(filed).files.filter(edition="sealed").count()
    if refused(outcomes):
        assert (row.state, sealed) == (State.SEALED, 1)
    else:
        assert (row.state, row.failure_code, sealed) == (State.FAILED, seals.GIVEN_UP, 0)

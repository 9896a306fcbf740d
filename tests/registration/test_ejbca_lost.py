"""Answers of EJBCA that are lost, workers that are killed: afterwards one certificate counts."""

import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from registration.ca.ejbca.answers import Answer
from registration.ca.ejbca.line import Line
from registration.models import BodyMessage, Certificate, User
from registration.services import acceptances, enrolments, resumptions, revocations, sweeps
from registration.services.answers import Then
from tests.ca.ejbca.stub import LostError, Reply, Stub
from tests.registration import making
from tests.registration.behind_ejbca import Asked, asked, body, later, lose_the_next, lost, wire

__all__ = ["asked", "body", "wire"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_certificate")]


class TestLost:
    def test_an_answer_lost_after_issuing_is_looked_up_at_once(self, asked: Asked) -> None:
        lose_the_next(asked.body)
        assert asked.enrol()
        asked.finish()
        asked.one_live()
        assert asked.body.verbs() == ["pkcs10enroll", "search"]
        kept = BodyMessage.objects.filter(issuance=asked.issuance)
        assert [(each.kind, bool(each.received)) for each in kept] == [
            ("pkcs10enroll", False),
            ("search", True),
        ]

    def test_while_the_body_is_away_it_is_looked_up_later(
        self, asked: Asked, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked.body.change = lost
        assert not asked.enrol()
        assert asked.stands() == ("interrupted", "ca-unreachable")
        assert asked.now().transaction["phase"] == "asked"
        asked.body.change = None
        later(monkeypatch, 11)
        assert resumptions.go_on(timezone.now()) == [asked.issuance.pk]
        assert asked.enrol()
        asked.finish()
        asked.one_live()
        assert asked.body.verbs().count("pkcs10enroll") == 1

    def test_what_takes_the_body_longer_is_found_by_the_sweep(
        self, asked: Asked, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked.body.change = hidden(asked.body)
        assert not asked.enrol()
        assert asked.stands() == ("waiting_ca", "")
        asked.body.change = None
        later(monkeypatch, 31)
        due = [each.then for each in sweeps.sweep(timezone.now())]
        assert due == [Then.ENROL]
        assert asked.enrol()
        asked.finish()
        asked.one_live()
        assert asked.body.verbs() == ["pkcs10enroll", "search", "search"]

    @pytest.fixture
    def unknown(self, asked: Asked, monkeypatch: pytest.MonkeyPatch) -> Asked:
        """Let the body find nothing for a minute."""
        asked.body.change = hidden(asked.body)
        assert not asked.enrol()
        later(monkeypatch, 61)
        assert not asked.enrol()
        assert asked.stands() == ("unknown", "ca-answer-lost")
        asked.body.change = None
        return asked

    def test_what_the_body_does_not_find_moves_nothing(self, unknown: Asked, officer: User) -> None:
        """A person lets it be asked anew, and what came of the lost one is revoked."""
        assert not unknown.enrol()
        assert list(sweeps.sweep(timezone.now() + timedelta(hours=1))) == []
        unknown.go_on(officer)
        assert unknown.enrol()
        unknown.finish()
        unknown.one_live("revoked")

    def test_a_person_gives_it_up_and_the_lost_one_is_revoked(
        self, unknown: Asked, officer: User
    ) -> None:
        unknown.give_up(officer)
        assert unknown.stands()[0] == "abandoned"
        assert unknown.body.states() == ["revoked"]
        assert Certificate.objects.count() == 0


def hidden(body: Stub) -> Callable[[Reply], Reply]:
    """Lose the answer to a request, and find nothing yet."""

    def change(reply: Reply) -> Reply:
        if body.verbs()[-1] == "search":
            return replace(reply, data=reply.data | {"certificates": []})
        raise LostError

    return change


@pytest.mark.django_db(transaction=True)
class TestKilled:
    """Workers killed at every step; the next one finds what there is."""

    @pytest.mark.parametrize(
        ("owner", "name"),
        [(enrolments, "_take"), (enrolments, "_row")],  # the answer dies with the worker
    )
    def test_after_the_body_issued_it_is_looked_up(
        self, asked: Asked, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str
    ) -> None:
        killed(asked.enrol, owner, name)
        assert not asked.enrol()  # somebody may still be waiting for the answer
        assert asked.body.states() == ["valid"]
        later(monkeypatch, 5)
        assert asked.enrol()
        asked.finish()
        asked.one_live()

    def test_before_it_left_a_person_lets_it_be_asked_anew(
        self, asked: Asked, officer: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        killed(asked.enrol, Line, "post")
        later(monkeypatch, 61)
        assert not asked.enrol()
        assert asked.stands()[0] == "unknown"
        asked.go_on(officer)
        assert asked.enrol()
        asked.finish()
        asked.one_live()

    def test_between_the_card_and_what_follows(self, asked: Asked) -> None:
        asked.enrol()
        killed(asked.finish, acceptances, "tell")
        assert list(acceptances.owed()) == [asked.issuance.pk]
        acceptances.tell(str(asked.issuance.pk))
        asked.one_live()

    def test_while_giving_up_nothing_stays_valid(self, asked: Asked, officer: User) -> None:
        asked.enrol()
        making.interrupt(asked.now(), "no-space")
        killed(lambda: asked.give_up(officer), revocations, "_note_rejected")
        assert asked.body.states() == ["revoked"]
        asked.give_up(officer)
        assert asked.stands()[0] == "abandoned"
        assert Certificate.objects.filter(revoked_at=None).count() == 0


def test_two_workers_ask_once(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second comes while the first waits for the answer."""
    post = Line.post

    def meanwhile(line: Line, *path: str, body: Mapping[str, Any]) -> Answer:
        assert not asked.enrol()
        return post(line, *path, body=body)

    monkeypatch.setattr(Line, "post", meanwhile)
    assert asked.enrol()
    asked.finish()
    asked.one_live()


def killed(act: Callable[[], object], owner: object, name: str) -> None:
    """Let another process act, and kill it where it calls `name` of `owner`."""
    connections.close_all()
    child = os.fork()
    if not child:
        signal.alarm(60)  # rather than hang for ever
        setattr(owner, name, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
        act()
        os._exit(0)
    _, how = os.waitpid(child, 0)
    assert os.WIFSIGNALED(how)
    assert os.WTERMSIG(how) == signal.SIGKILL

"""Answers of a body behind CMP that are lost, late, or not the last word."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from cardops.messages import Keys
from registration.ca.cmp import structures
from registration.models import Certificate, Desk, User
from registration.services import (
    enrolments,
    issuances,
    sweeps,
)
from registration.services.answers import Then
from tests.registration import making
from tests.registration.behind_cmp import Asking, asking, later, lost

__all__ = ["asking"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_certificate")]


class TestLost:
    def test_a_lost_answer_moves_nothing(self, asking: Asking, desk: Desk) -> None:
        Desk.objects.filter(pk=desk.pk).update(public_keys=Keys.generate().public.to_json())
        with asking() as asked:
            asked.way.change = lost
            assert not asked.enrol()
            issuance = asked.now()
            assert (issuance.stage, issuance.failure_code) == ("unknown", "ca-answer-lost")
            assert issuances.stop(str(issuance.pk))  # the desk leaves the card
            assert not asked.enrol()
            assert list(sweeps.sweep(timezone.now() + timedelta(hours=1))) == []
        assert asked.spoken() == ["p10cr"]

    def test_a_person_lets_it_be_asked_anew_the_lost_one_is_rejected_first(
        self, asking: Asking, officer: User
    ) -> None:
        with asking() as asked:
            asked.way.change = lost
            asked.enrol()
            asked.way.change = None
            asked.go_on(officer)
            assert asked.enrol()
            asked.write()
            assert asked.tell() == "told"
        assert asked.spoken() == ["p10cr", "certconf", "p10cr", "certconf"]
        rejected = structures.Message.load(asked.way.asked[1])
        assert len(rejected["body"].chosen) == 0  # all of the transaction
        assert Certificate.objects.filter(revoked_at=None).count() == 1

    def test_a_person_gives_it_up_and_the_lost_one_is_rejected(
        self, asking: Asking, officer: User
    ) -> None:
        with asking() as asked:
            asked.way.change = lost
            asked.enrol()
            asked.way.change = None
            asked.give_up(officer)
        assert asked.spoken() == ["p10cr", "certconf"]
        assert (asked.now().stage, Certificate.objects.count()) == ("abandoned", 0)

    def test_a_worker_killed_while_it_asks_leaves_the_issuance_unknown(
        self, asking: Asking, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with asking() as asked, pytest.MonkeyPatch.context() as patch:
            patch.setattr(enrolments, "_take", killed)
            with pytest.raises(KilledError):
                asked.enrol()
            patch.undo()
            assert not asked.enrol()  # somebody may still be waiting for the answer
            assert asked.now().stage == "waiting_ca"
            later(monkeypatch, 5)
            assert not asked.enrol()
            assert asked.now().stage == "unknown"
        assert asked.spoken() == ["p10cr"]


class KilledError(BaseException):
    """Ends a worker wherever it stands."""


def killed(*_facts: object) -> bool:
    raise KilledError


def test_nothing_sent_is_nothing_lost(asking: Asking, officer: User) -> None:
    with asking() as asked:
        url = settings.OVERA["CA"]["URL"]
        settings.OVERA["CA"]["URL"] = "http://127.0.0.1:1/"
        assert not asked.enrol()
        assert (asked.now().stage, asked.now().failure_code) == ("interrupted", "ca-unreachable")
        settings.OVERA["CA"]["URL"] = url
        asked.go_on(officer)
        assert asked.enrol()
    assert asked.spoken() == ["p10cr"]


def test_a_refusal_of_the_body_issued_nothing(asking: Asking, officer: User) -> None:
    with asking("-pkistatus", "2", "-failure", "23") as asked:
        assert not asked.enrol()
        issuance = asked.now()
        assert (issuance.stage, issuance.failure_code, issuance.failure_facts) == (
            "interrupted",
            "ca-refused",
            {"reason": "not-authorized"},
        )
        asked.give_up(officer)
    assert asked.spoken() == ["p10cr"]


def test_what_a_person_at_the_body_approves_is_waited_for(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    with asking("-poll_count", "2", "-check_after", "60") as asked:
        assert not asked.enrol()
        assert not asked.enrol()
        progress = asked.now().progress
        assert progress == {"stage": "waiting-approval", "check_after": 60}
        assert list(sweeps.sweep(timezone.now() + timedelta(seconds=59))) == []
        for minutes in range(2, 20):
            at = timezone.now() + timedelta(minutes=minutes)
            due = [each.then for each in sweeps.sweep(at)]
            assert due == [Then.ENROL]
        assert asked.now().stage == "waiting_ca"
        assert asked.enrol()
        asked.write()
        assert asked.tell() == "told"
    assert asked.spoken() == ["p10cr", "pollreq", "pollreq", "certconf"]


def test_an_approval_need_not_be_awaited(asking: Asking, officer: User) -> None:
    with asking("-poll_count", "2") as asked:
        asked.enrol()
        asked.give_up(officer)
    assert asked.now().stage == "abandoned"
    assert asked.spoken() == ["p10cr", "certconf"]


def test_an_answer_that_comes_after_giving_up_is_rejected(asking: Asking, officer: User) -> None:
    with asking() as asked:
        ask = enrolments._ask  # noqa: SLF001 the moment between intent and request

        def slow(*facts: Any) -> Any:
            made = ask(*facts)
            making.interrupt(asked.now(), "no-answer")
            asked.give_up(officer)
            return made

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(enrolments, "_ask", slow)
            assert not asked.enrol()
    assert asked.spoken() == ["certconf", "p10cr", "certconf"]
    assert Certificate.objects.count() == 0


def test_an_answer_that_comes_after_an_interruption_is_kept(asking: Asking, officer: User) -> None:
    with asking() as asked:
        ask = enrolments._ask  # noqa: SLF001 the moment between intent and request

        def slow(*facts: Any) -> Any:
            made = ask(*facts)
            making.interrupt(asked.now(), "card-removed")
            return made

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(enrolments, "_ask", slow)
            assert not asked.enrol()
        assert asked.now().stage == "interrupted"
        asked.go_on(officer)
        assert asked.now().stage == "writing"
        asked.write()
        assert asked.tell() == "told"
    assert asked.spoken() == ["p10cr", "certconf"]

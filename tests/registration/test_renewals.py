"""Option 2 of Obrazac 1: only what is valid is renewed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from registration.errors import BlockedError, GateError
from registration.models import Application, Desk, User
from registration.queries import gate, renewals
from registration.services import cases, revocations
from tests.pages import counter
from tests.registration import making, status
from tests.registration.renewing import certificate, old

__all__ = ["old"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


def refused(officer: User, desk: Desk, **choices: Any) -> list[tuple[str, str]]:
    """Open a case; return code and sentence of what stood against it."""
    with pytest.raises(BlockedError) as blocked:
        counter.opened(officer, desk, **choices)
    return [(each.code, each.sentence) for each in blocked.value.findings]


def unmet(case: Application) -> list[str]:
    return [each.sentence for each in gate.requirements(case) if not each.met]


class TestWhatMayBeRenewed:
    def test_a_valid_pair_of_certificates(
        self, officer: User, desk: Desk, old: Application
    ) -> None:
        case = counter.signed(officer, desk, **making.renewal(old))
        (requirement,) = (each for each in gate.requirements(case) if each.code == "renewable")
        assert requirement.met
        serials = [each.serial for each in old.certificates.order_by("received_at")]
        assert [reference for _kind, reference, _facts in requirement.references] == serials

    def test_one_of_two_is_not_enough(
        self, officer: User, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(settings.OVERA, "ROLES", ["signing"])
        old = making.filed(officer, desk)
        monkeypatch.setitem(settings.OVERA, "ROLES", ["signing", "authentication"])
        ((code, _sentence),) = refused(officer, desk, **making.renewal(old))
        assert code == "card-unread-for-renewal"

    def test_not_what_expired(
        self, officer: User, desk: Desk, old: Application, at: Callable[[datetime], None]
    ) -> None:
        end = certificate(old).not_after
        Desk.objects.update(seen_at=end + timedelta(seconds=1))
        at(end + timedelta(seconds=1))
        serial, day = certificate(old).serial, f"{timezone.localdate(end):%d.%m.%Y.}"
        ((code, sentence),) = refused(officer, desk, **making.renewal(old))
        assert code == "renewal-too-late"
        assert sentence == (
            f"The certificate {serial} expired on {day} and cannot be renewed any more:"
            " choose option 1, issuing, and let the citizen circle it."
        )

    def test_not_what_was_revoked(self, officer: User, desk: Desk, old: Application) -> None:
        status.finished(old, officer, "revoke")
        ((code, sentence),) = refused(officer, desk, **making.renewal(old))
        assert code == "renewal-of-revoked"
        assert "was revoked and cannot be renewed: choose option 1" in sentence

    def test_what_is_suspended_is_reactivated_first(
        self, officer: User, desk: Desk, old: Application
    ) -> None:
        status.finished(old, officer, "suspend")
        ((code, sentence),) = refused(officer, desk, **making.renewal(old))
        assert code == "renewal-of-suspended"
        assert "let it be reactivated on form 3 first, or choose option 1" in sentence
        status.finished(old, officer, "reactivate")
        counter.opened(officer, desk, **making.renewal(old))

    def test_not_before_the_window_opens(
        self,
        officer: User,
        desk: Desk,
        old: Application,
        at: Callable[[datetime], None],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setitem(settings.OVERA, "RENEWAL_WINDOW_DAYS", 60)
        last_day = timezone.localtime(certificate(old).not_after).replace(hour=12)
        opens = last_day - timedelta(days=60)
        ((code, sentence),) = refused(officer, desk, **making.renewal(old))
        assert code == "renewal-too-early"
        day = f"{timezone.localdate(opens):%d.%m.%Y.}"
        assert f"may be renewed from {day} on, 60 days before its end" in sentence
        at(opens - timedelta(days=1))
        assert refused(officer, desk, **making.renewal(old)) == [(code, sentence)]
        at(opens)
        counter.opened(officer, desk, **making.renewal(old))

    def test_nothing_of_another_person(self, officer: User, desk: Desk) -> None:
        making.filed(officer, desk)
        ((code, _sentence),) = refused(officer, desk, procedure="renew", who=counter.citizen(7))
        assert code == "card-unread-for-renewal"

    def test_a_correction_to_option_2_is_held_against_it_too(
        self, officer: User, desk: Desk
    ) -> None:
        case = counter.opened(officer, desk)
        choices = counter.chosen(procedure="renew")
        with pytest.raises(BlockedError):
            cases.correct(case, counter.citizen(0), choices, by=officer)


class TestUntilTheIssuing:
    def test_an_end_in_between_is_a_line_of_the_gate(
        self, officer: User, desk: Desk, old: Application, at: Callable[[datetime], None]
    ) -> None:
        at(certificate(old).not_after - timedelta(hours=1))
        Desk.objects.update(seen_at=timezone.now())
        case = counter.signed(officer, desk, **making.renewal(old))
        assert unmet(case) == []
        at(certificate(old).not_after + timedelta(minutes=1))
        (sentence,) = unmet(case)
        assert "cannot be renewed any more: choose option 1" in sentence
        Desk.objects.update(seen_at=timezone.now())
        with pytest.raises(GateError) as fault:
            making.start(case, officer, desk)
        assert fault.value.facts["missing"] == ["renewable"]

    def test_a_renewal_that_was_given_up_after_the_key_was_destroyed_is_made_again(
        self, officer: User, desk: Desk, old: Application
    ) -> None:
        started = making.started(officer, desk, **making.renewal(old))
        making.request(started, started.renews_serial)
        revocations.give_up(making.interrupt(started, "no-card").application, "loš čip", by=officer)
        assert certificate(old).revocation_reason == "superseded"
        case = Application.objects.get(pk=started.application_id)
        assert unmet(case) == []
        again = making.prove(making.start(case, officer, desk), occupied=True)
        assert again.renews_serial == certificate(old).serial

    def test_a_case_that_lost_its_predecessor_by_another_hand_stops(
        self, officer: User, desk: Desk, old: Application
    ) -> None:
        case = counter.signed(officer, desk, **making.renewal(old))
        status.finished(old, officer, "revoke")
        assert "was revoked and cannot be renewed" in unmet(case)[0]


class TestFromElsewhere:
    """What was issued before this office had the software is known from the card alone."""

    WHO = counter.citizen(3)

    def shown(self, days: int = 100, **changes: str) -> list[dict[str, str]]:
        until = (timezone.now() + timedelta(days=days)).isoformat()
        facts = {"issuer": "CN=Стари издавалац", "until": until} | changes
        return [
            {"role": "signing", "serial": "aa01", **facts},
            {"role": "authentication", "serial": "aa02", **facts},
        ]

    def opened(self, officer: User, desk: Desk, stored: Any) -> Application:
        read = counter.reading(desk, officer, applicant=self.WHO, certificates=stored)
        choices = counter.chosen(procedure="renew")
        return cases.open_case(self.WHO, choices, by=officer, reading=read)

    def test_a_valid_one_on_the_card_is_renewed_and_named(self, officer: User, desk: Desk) -> None:
        case = self.opened(officer, desk, self.shown())
        known = renewals.predecessor(case, "signing")
        assert known is not None
        assert (known.serial, known.issuer) == ("aa01", "CN=Стари издавалац")

    @pytest.mark.parametrize(
        ("stored", "code"), [([], "nothing-to-renew"), (-1, "renewal-too-late")]
    )
    def test_an_empty_card_and_an_expired_one_lead_to_option_1(
        self, officer: User, desk: Desk, stored: Any, code: str
    ) -> None:
        with pytest.raises(BlockedError) as blocked:
            self.opened(officer, desk, self.shown(stored) if stored else stored)
        assert [each.code for each in blocked.value.findings] == [code]
        assert "choose option 1, issuing" in blocked.value.findings[0].sentence

    def test_without_a_reading_the_case_opens_upon_a_confirmation_and_is_not_issued(
        self, officer: User, desk: Desk
    ) -> None:
        ((code, _sentence),) = refused(officer, desk, procedure="renew", who=self.WHO)
        known = (code,)
        case = counter.opened(officer, desk, procedure="renew", who=self.WHO, acknowledged=known)
        (met,) = (each.met for each in gate.requirements(case) if each.code == "renewable")
        assert not met
        counter.reading(desk, officer, case, self.WHO, certificates=self.shown())
        (met,) = (each.met for each in gate.requirements(case) if each.code == "renewable")
        assert met

    def test_another_persons_card_says_nothing(self, officer: User, desk: Desk) -> None:
        choices = {"procedure": "renew", "who": self.WHO}
        case = counter.opened(officer, desk, **choices, acknowledged=("card-unread-for-renewal",))
        counter.reading(desk, officer, case, counter.citizen(4), certificates=self.shown())
        assert renewals.predecessor(case, "signing") is None

    def test_of_our_own_the_database_knows_more_than_the_card(
        self, officer: User, desk: Desk, old: Application
    ) -> None:
        status.finished(old, officer, "revoke")
        mine = certificate(old)
        case = counter.opened(officer, desk, who=counter.citizen(0))
        stored = self.shown(serial=mine.serial, issuer=mine.issuer)
        counter.reading(desk, officer, case, counter.citizen(0), certificates=stored)
        known = renewals.predecessor(case, "signing")
        assert known is not None
        assert (known.serial, known.status) == (mine.serial, "revoked")

"""Certificates of a body behind CMP: told when they are on the card, rejected when they are not.

At the other end is OpenSSL's own server. It grants what was made for the card's key.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils import timezone

from cardops.messages import Keys
from registration import errors
from registration.ca import profiles
from registration.ca.base import EnrolmentRequest
from registration.ca.cmp import structures
from registration.ca.embedded.authority import EmbeddedCA
from registration.models import BodyMessage, Certificate, Desk, Issuance, JournalEntry, User
from registration.services import (
    acceptances,
    enrolments,
    issuances,
    revocations,
    sweeps,
)
from registration.services.answers import Next, Then
from tests.ca.cards import Card
from tests.ca.cmp import openssl, papers
from tests.ca.cmp.peer import LostError, Way
from tests.registration import making
from tests.registration.bodies import set_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_certificate")]


@dataclass(frozen=True)
class Asked:
    """An issuance whose card has made key and request, and the way to the body."""

    issuance: Issuance
    card: Card
    way: Way

    def now(self) -> Issuance:
        return Issuance.objects.get(pk=self.issuance.pk)

    def enrol(self) -> bool:
        return enrolments.enrol(str(self.issuance.pk))

    def write(self) -> Issuance:
        """Let the card take and prove the certificate."""
        issuance = self.now()
        making.written(issuance, self.card)
        return self.now()

    def tell(self) -> str:
        acceptances.tell(str(self.issuance.pk))
        return self.now().acceptance

    def go_on(self, officer: User) -> None:
        issuances.resume(self.now(), by=officer)

    def give_up(self, officer: User) -> None:
        revocations.give_up(self.now().application, "odustao", by=officer)

    def spoken(self) -> list[str]:
        return [structures.Message.load(each)["body"].name for each in self.way.asked]

    def journal(self) -> list[tuple[str, str]]:
        entries = JournalEntry.objects.filter(issuance=self.issuance)
        return list(entries.values_list("kind", "step"))


Grant = Callable[[Issuance, Card], bytes]
Asking = Callable[..., AbstractContextManager[Asked]]


@pytest.fixture
def asking(officer: User, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Asking:
    """Start a case, let the card ask, and the body behind CMP have its certificate ready."""

    @contextmanager
    def start(
        *options: str, grant: Callable[[Issuance, Card], bytes] | None = None
    ) -> Iterator[Asked]:
        issuance = making.started(officer, desk)
        card = making.request(issuance)
        body = EmbeddedCA(tmp_path / "ca")
        certificate = (grant or body_grants(body))(Issuance.objects.get(pk=issuance.pk), card)
        (tmp_path / "secret").write_text(openssl.SECRET)
        with openssl.serving(tmp_path, certificate, *openssl.BY_SECRET, *options) as way:
            monkeypatch.setitem(settings.OVERA, "CA", section(way, tmp_path, body))
            yield Asked(issuance, card, way)

    return start


def section(way: Way, folder: Path, body: EmbeddedCA) -> dict[str, Any]:
    return {
        "CONNECTOR": "cmp",
        "URL": way.url,
        "CHAIN": papers.write(folder / "chain.pem", *body.chain()),
        "REFERENCE": openssl.REFERENCE,
        "SECRET_FILE": folder / "secret",
        "ACCEPT_HMAC_SHA1": "1",
        "PATIENCE": "2",
    }


def body_grants(body: EmbeddedCA) -> Grant:
    def grant(issuance: Issuance, card: Card) -> bytes:
        request = EnrolmentRequest(
            key=str(issuance.pk),
            csr=x509.load_pem_x509_csr(issuance.request.encode()).public_bytes(Encoding.DER),
            subject=card.subject,
            profile=profiles.STRICT_SIGNING,
        )
        return body.enrol(request).certificate

    return grant


def lost(_answer: bytes) -> bytes:
    raise LostError


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    moment = timezone.now() + timedelta(seconds=seconds)
    monkeypatch.setattr(timezone, "now", lambda: moment)


def test_the_body_is_told_after_the_card_has_proven_the_certificate(asking: Asking) -> None:
    with asking() as asked:
        assert asked.enrol()
        assert asked.spoken() == ["p10cr"]
        assert asked.write().acceptance == "owed"
        assert list(acceptances.owed()) == [asked.issuance.pk]
        assert asked.tell() == "told"
        assert asked.spoken() == ["p10cr", "certconf"]
        assert asked.tell() == "told"
        assert asked.spoken() == ["p10cr", "certconf"]
    assert asked.journal()[-2:] == [("intent", "accept"), ("result", "accept")]


def test_what_went_over_the_line_is_kept_byte_for_byte(asking: Asking) -> None:
    with asking() as asked:
        asked.enrol()
        asked.write()
        asked.tell()
        kept = list(BodyMessage.objects.filter(issuance=asked.issuance))
    assert [each.kind for each in kept] == ["p10cr", "certconf"]
    assert [each.sent for each in kept] == asked.way.asked
    assert [each.received for each in kept] == asked.way.answered
    certificate = x509.load_pem_x509_certificate(Certificate.objects.get().pem.encode())
    assert certificate.public_bytes(Encoding.DER) in kept[0].received


def test_a_message_without_an_answer_is_kept_too(asking: Asking) -> None:
    with asking() as asked:
        asked.way.change = lost
        asked.enrol()
        kept = BodyMessage.objects.get(issuance=asked.issuance)
    assert ([kept.sent], kept.received) == (asked.way.asked, b"")


def test_a_named_body_is_told_wherever_its_office_has_gone(
    asking: Asking, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with asking() as asked:
        Issuance.objects.update(body="second")
        set_to(monkeypatch, {"second": {"CA": settings.OVERA["CA"], "STATUS": {}}}, {})
        monkeypatch.setitem(settings.OVERA, "CA", {"CONNECTOR": "none"})
        assert asked.enrol()
        asked.write()
        assert asked.tell() == "told"
        revocations.recall(asked.now().application, "a fault", by=officer)
        assert asked.spoken() == ["p10cr", "certconf", "rr"]


def test_nothing_is_handed_over_before_the_body_agreed(asking: Asking, officer: User) -> None:
    with asking() as asked:
        asked.enrol()
        case = asked.write().application
        with pytest.raises(errors.NotAcceptedError):
            making.hand_over(case, officer)
        asked.tell()
        case.refresh_from_db()
        assert making.hand_over(case, officer).state == "issued"


def test_the_sweep_tells_what_a_killed_worker_did_not(asking: Asking) -> None:
    with asking() as asked:
        asked.enrol()
        asked.write()  # and the worker dies before it tells the body
        told = Next(Then.ACCEPT, str(asked.issuance.pk))
        assert [each for each in sweeps.sweep(timezone.now()) if each.then == Then.ACCEPT] == [told]
        assert asked.tell() == "told"
        assert list(acceptances.owed()) == []


def test_a_body_out_of_reach_is_told_later(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    with asking() as asked:
        asked.enrol()
        asked.write()
        url = settings.OVERA["CA"]["URL"]
        settings.OVERA["CA"]["URL"] = "http://127.0.0.1:1/"
        assert asked.tell() == "owed"
        assert list(acceptances.owed()) == []  # not at once
        settings.OVERA["CA"]["URL"] = url
        later(monkeypatch, 31)
        assert asked.tell() == "told"


def test_a_confirmation_that_is_refused_keeps_the_card_here(asking: Asking, officer: User) -> None:
    with asking() as asked:
        asked.enrol()
        issuance = asked.write()
        kept = issuance.transaction
        issuance.transaction = kept | {"nonce": "00" * 16}
        issuance.save()
        assert asked.tell() == "refused"
        case = asked.now().application
        with pytest.raises(errors.NotAcceptedError):
            making.hand_over(case, officer)
        revocations.recall(case, "nije prihvaćen", by=officer)
    assert asked.spoken() == ["p10cr", "certconf", "certconf", "rr"]
    assert Certificate.objects.filter(revoked_at=None).count() == 0
    case.refresh_from_db()
    assert case.state == "signed"


def test_a_certificate_that_could_not_be_written_is_rejected(
    asking: Asking, officer: User, tmp_path: Path
) -> None:
    with asking() as asked:
        asked.enrol()
        making.interrupt(asked.now(), "no-space")
        asked.give_up(officer)
    said = (tmp_path / "server.log").read_text()
    assert said.count("certificate rejected by client with PKIStatus: rejection") == 1
    assert asked.spoken() == ["p10cr", "certconf"]
    certificate = Certificate.objects.get()
    assert certificate.revocation_reason == "cessationOfOperation"
    assert asked.now().stage == "abandoned"


def test_a_confirmed_certificate_is_recalled_by_revoking_it(asking: Asking, officer: User) -> None:
    with asking() as asked:
        asked.enrol()
        case = asked.write().application
        asked.tell()
        revocations.recall(case, "pogrešno ime", by=officer)
    assert asked.spoken() == ["p10cr", "certconf", "rr"]


def test_another_certificate_than_asked_for_is_rejected_at_once(asking: Asking) -> None:
    def wrong(issuance: Issuance, card: Card) -> bytes:
        other = Card(subject=card.subject)
        return EmbeddedCA(Path(settings.OVERA["KEYS"]) / "other").enrol(other.request()).certificate

    with asking(grant=wrong) as asked:
        assert not asked.enrol()
        assert asked.now().failure_code == "certificate-rejected"
        assert asked.spoken() == ["p10cr", "certconf"]
        assert asked.now().transaction["phase"] == ""
    assert Certificate.objects.count() == 0


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

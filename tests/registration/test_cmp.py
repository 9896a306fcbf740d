"""Certificates of a body behind CMP: told when they are on the card, rejected when they are not."""

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils import timezone

from archive.services.log import heads
from registration import errors
from registration.ca.embedded.authority import EmbeddedCA
from registration.models import BodyMessage, Certificate, Issuance, User
from registration.services import (
    acceptances,
    dossiers,
    filings,
    revocations,
    sweeps,
)
from registration.services.answers import Next, Then
from tests.ca.cards import Card
from tests.inspection.evidence import Inspector, Opened
from tests.registration import making
from tests.registration.behind_cmp import Asking, asking, later, lost
from tests.registration.bodies import set_to

__all__ = ["asking"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_certificate")]


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


def test_an_inspector_finds_the_messages_in_the_evidence(
    asking: Asking, officer: User, tmp_path: Path, heads_file: Path
) -> None:
    with asking() as asked:
        asked.enrol()
        asked.write()
        asked.tell()
        filings.file(making.hand_over(asked.now().application, officer), by=officer)
        bundle = dossiers.take(Certificate.objects.get(), reason="надзор", by=officer).data
    chain, key = settings.OVERA["CA"]["CHAIN"], heads_file.parent / heads.PUBLIC_KEY
    assert Inspector(tmp_path, key, chain, heads_file).refused(bundle) == {}
    names = {name.rpartition("/")[2] for name in Opened.of(bundle).files if "/body/" in name}
    ways = ("sent", "received")
    assert names == {f"{each}-{way}.der" for each in ("001-p10cr", "002-certconf") for way in ways}


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

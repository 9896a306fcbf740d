"""A body on EJBCA behind the counter: a stub written from its description, and an issuance.

The verdict is the stub's own list of what it issued.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from registration.ca.embedded.authority import EmbeddedCA
from registration.models import Application, Certificate, Desk, Issuance, User
from registration.services import acceptances, enrolments, issuances, revocations
from tests.ca import tls
from tests.ca.cards import Card
from tests.ca.ejbca import stub
from tests.ca.ejbca.conftest import Place
from tests.ca.ejbca.stub import LostError, Reply, Stub
from tests.ca.tls import Wire
from tests.registration import making


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Wire:
    return tls.wire(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def body(tmp_path: Path, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    signs = EmbeddedCA(tmp_path / "ca", key_kind="P-256")
    with stub.serving(signs, wire.context()) as served:
        place = Place(tmp_path, wire, served)
        monkeypatch.setitem(settings.OVERA, "CA", place.section())
        yield served


@dataclass(frozen=True)
class Asked:
    """An issuance whose card has made key and request."""

    issuance: Issuance
    card: Card
    body: Stub

    def now(self) -> Issuance:
        return Issuance.objects.get(pk=self.issuance.pk)

    def stands(self) -> tuple[str, str]:
        return self.now().stage, self.now().failure_code

    def enrol(self) -> bool:
        return enrolments.enrol(str(self.issuance.pk))

    def finish(self) -> Application:
        """Let the card take and prove the certificate, and what follows be done."""
        making.written(self.now(), self.card)
        acceptances.tell(str(self.issuance.pk))
        return self.now().application

    def one_live(self, *before: str) -> None:
        """Assert that one certificate counts: for us, at the body, and it is the same one."""
        assert self.body.states() == [*before, "valid"]
        live = Certificate.objects.get(revoked_at=None)
        assert self.body.body.status(int(live.serial, 16)).state == "valid"

    def go_on(self, officer: User) -> None:
        issuances.resume(self.now(), by=officer)

    def give_up(self, officer: User) -> None:
        revocations.give_up(self.now().application, "odustao", by=officer)


@pytest.fixture
def asked(officer: User, desk: Desk, body: Stub) -> Asked:
    Desk.objects.filter(pk=desk.pk).update(card_present=True)
    issuance = making.started(officer, desk)
    return Asked(issuance, making.request(issuance), body)


def lost(_reply: Reply) -> Reply:
    raise LostError


def later(patch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let time go by, in which the desk is heard of."""
    moment = timezone.now() + timedelta(seconds=seconds)
    patch.setattr(timezone, "now", lambda: moment)
    Desk.objects.update(seen_at=moment)


def lose_the_next(body: Stub) -> None:
    def change(_reply: Reply) -> Reply:
        body.change = None
        raise LostError

    body.change = change

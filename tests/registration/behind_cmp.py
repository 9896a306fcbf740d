"""A body behind CMP, as the counter meets it: at the other end is OpenSSL's own server.

It grants what was made for the card's key.
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

from registration.ca import profiles
from registration.ca.base import EnrolmentRequest
from registration.ca.cmp import structures
from registration.ca.embedded.authority import EmbeddedCA
from registration.models import Desk, Issuance, JournalEntry, User
from registration.services import (
    acceptances,
    enrolments,
    issuances,
    revocations,
)
from tests.ca.cards import Card
from tests.ca.cmp import openssl, papers
from tests.ca.cmp.peer import LostError, Way
from tests.registration import making


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

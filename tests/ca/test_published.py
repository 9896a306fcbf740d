"""What everybody can see of a certificate's status, read from the body's own list."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from registration.ca import published
from registration.ca.base import State
from registration.ca.embedded.authority import EmbeddedCA
from tests.ca.cards import NOW, Card


@dataclass
class Forging:
    """A body in whose name another one signs the list."""

    body: EmbeddedCA
    other: EmbeddedCA

    def crl(self) -> bytes:
        return self.other.crl()

    def __getattr__(self, name: str) -> object:
        return getattr(self.body, name)


def issue(body: EmbeddedCA, key: str) -> int:
    enrolled = body.enrol(Card().request(key=key))
    return x509.load_der_x509_certificate(enrolled.certificate).serial_number


def test_the_list_says_where_each_stands(body: EmbeddedCA) -> None:
    changes = {
        "revoked": ["keyCompromise"],
        "suspended": ["certificateHold"],
        "again": ["certificateHold", "removeFromCRL"],
        "ended": ["certificateHold", "superseded"],
        "plain": ["unspecified"],
        "valid": [],
    }
    serials = {key: issue(body, key) for key in changes}
    for key, reasons in changes.items():
        for reason in reasons:
            body.revoke(serials[key], reason, NOW)
    seen = published.states(body, serials.values(), NOW)
    assert {key: seen[serial] for key, serial in serials.items()} == {
        "revoked": State.REVOKED,
        "suspended": State.SUSPENDED,
        "again": State.VALID,
        "ended": State.REVOKED,
        "plain": State.REVOKED,
        "valid": State.VALID,
    }


@pytest.mark.parametrize(("hours", "counts"), [(23, True), (24, False)])
def test_a_list_that_is_out_of_date_says_nothing(
    body: EmbeddedCA,
    hours: int,
    counts: bool,  # noqa: FBT001
) -> None:
    later: datetime = NOW + timedelta(hours=hours)
    assert bool(published.states(body, [1], later)) is counts


def test_another_bodys_list_says_nothing(body: EmbeddedCA, tmp_path: Path) -> None:
    other = EmbeddedCA(tmp_path / "other", clock=lambda: NOW)
    assert published.states(Forging(body, other), [1], NOW) == {}


def test_a_body_without_a_list_says_nothing(body: EmbeddedCA) -> None:
    class Quiet:
        """A connector of which no list can be had."""

    assert published.states(Quiet(), [1], NOW) == {}

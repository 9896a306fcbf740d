"""Two offices with a certification body each, both real, and a third body that is dead."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils import timezone

from registration.ca.embedded.authority import EmbeddedCA
from registration.models import Certificate, Desk, Office, User
from tests.pages import counter
from tests.people import person

NOWHERE = "http://127.0.0.1:1/"


@dataclass(frozen=True)
class Counter:
    officer: User
    desk: Desk

    @property
    def at(self) -> tuple[User, Desk]:
        return self.officer, self.desk


def embedded(folder: Path, web: str = "") -> dict[str, Any]:
    """Return the settings of a body that issues; `web` is where it publishes."""
    status = {
        "OCSP": f"{web}/ocsp" if web else "",
        "CRL": f"{web}/issuing.crl" if web else "",
        "NONCE_REQUIRED": True,
    }
    return {"CA": {"CONNECTOR": "embedded", "FOLDER": folder}, "STATUS": status}


def dead(folder: Path) -> dict[str, Any]:
    """Return the settings of a body behind CMP at whose address nobody listens."""
    folder.mkdir()
    (folder / "secret").write_text("a secret of the tests")
    chain = [x509.load_der_x509_certificate(der) for der in EmbeddedCA(folder / "ca").chain()]
    pem = b"".join(each.public_bytes(Encoding.PEM) for each in chain)
    (folder / "chain.pem").write_bytes(pem)
    section = {
        "CONNECTOR": "cmp",
        "URL": NOWHERE,
        "CHAIN": str(folder / "chain.pem"),
        "REFERENCE": "overa",
        "SECRET_FILE": str(folder / "secret"),
    }
    return {"CA": section, "STATUS": {"OCSP": NOWHERE, "CRL": NOWHERE, "NONCE_REQUIRED": True}}


def set_to(
    patch: pytest.MonkeyPatch, bodies: dict[str, dict[str, Any]], of_office: dict[str, str]
) -> None:
    patch.setitem(settings.OVERA, "BODIES", bodies)
    patch.setitem(settings.OVERA, "BODY_OF_OFFICE", of_office)


@contextmanager
def without(name: str) -> Iterator[None]:
    """Take a body out of the settings, as somebody who tidies up too early."""
    with pytest.MonkeyPatch.context() as patch:
        others = {key: own for key, own in settings.OVERA["BODIES"].items() if key != name}
        set_to(patch, others, {})
        yield


@contextmanager
def away(name: str, file: Path) -> Iterator[None]:
    """Let an embedded body be out of reach: its folder is a file."""
    file.touch()
    own = settings.OVERA["BODIES"][name]
    gone = own | {"CA": own["CA"] | {"FOLDER": file}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(settings.OVERA["BODIES"], name, gone)
        yield


def counter_at(code: str, place: str) -> Counter:
    office = Office.objects.filter(code=code).first() or counter.office(code, place)
    rights = ("view_application", "add_application", "change_application")
    desk = Desk.objects.create(
        code=f"desk-{code}",
        name=place,
        office=office,
        public_keys={},
        card_present=True,
        seen_at=timezone.now(),
    )
    return Counter(person(f"officer-{code}", office, *rights), desk)


def knows(folder: Path, certificate: Certificate) -> str:
    """Return what the body in a folder itself says of a certificate."""
    return str(EmbeddedCA(folder).status(int(certificate.serial, 16)).state)

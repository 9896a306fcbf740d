"""A stub of EJBCA behind mutual TLS, and the connector that the settings make of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from registration import ca
from registration.ca.base import Enrolled, EnrolmentRequest
from registration.ca.ejbca.authority import EjbcaCA
from registration.ca.embedded.authority import EmbeddedCA
from tests.ca import tls
from tests.ca.cmp import papers
from tests.ca.ejbca import stub
from tests.ca.ejbca.stub import Stub
from tests.ca.tls import Wire


@dataclass(frozen=True)
class Place:
    """Where the stub is, and everything that the settings name."""

    folder: Path
    wire: Wire
    stub: Stub

    def section(self) -> dict[str, Any]:
        secret = self.folder / "secret"
        secret.write_text("a secret of the tests, long enough\n")
        return self.wire.settings() | {
            "CONNECTOR": "ejbca",
            "URL": self.stub.url,
            "CHAIN": papers.write(self.folder / "chain.pem", *self.stub.body.chain()),
            "SECRET_FILE": secret,
            "AUTHORITY": stub.AUTHORITY,
            "CERTIFICATE_PROFILE": f"{stub.CERTIFICATE_PROFILE}{{profile}}",
            "END_ENTITY_PROFILE": stub.END_ENTITY_PROFILE,
            "PATIENCE": "2",
        }

    def connect(self, **settings: Any) -> EjbcaCA:
        body = ca.connect({"CA": self.section() | settings})
        assert isinstance(body, EjbcaCA)
        return body


@pytest.fixture(scope="session")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Wire:
    return tls.wire(tmp_path_factory.mktemp("ejbca-tls"))


@pytest.fixture
def place(tmp_path: Path, wire: Wire) -> Iterator[Place]:
    with stub.serving(EmbeddedCA(tmp_path / "ca", key_kind="P-256"), wire.context()) as served:
        yield Place(tmp_path, wire, served)


@pytest.fixture
def ejbca(place: Place) -> EjbcaCA:
    return place.connect()


def enrolled(ejbca: EjbcaCA, request: EnrolmentRequest) -> Enrolled:
    answer = ejbca.enrol(request, ejbca.begin(request.key))
    assert isinstance(answer, Enrolled)
    return answer


def serial(granted: Enrolled) -> int:
    return x509.load_der_x509_certificate(granted.certificate).serial_number

"""One certificate that a body has ready for one card, and the settings that lead to it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from registration import ca
from registration.ca.base import Enrolled, EnrolmentRequest
from registration.ca.cmp.authority import CmpCA
from registration.ca.embedded.authority import EmbeddedCA
from tests.ca.cards import Card
from tests.ca.cmp import openssl, papers
from tests.ca.cmp.peer import Way


@dataclass(frozen=True)
class Ready:
    """`request` is what the card asks for, `certificate` what it will get."""

    request: EnrolmentRequest
    certificate: bytes
    chain: Path
    secret: Path

    def connect(self, way: Way, **settings: Any) -> CmpCA:
        body = ca.connect({"CA": self.section(way) | settings})
        assert isinstance(body, CmpCA)
        return body

    def section(self, way: Way) -> dict[str, Any]:
        return {
            "CONNECTOR": "cmp",
            "URL": way.url,
            "CHAIN": self.chain,
            "REFERENCE": openssl.REFERENCE,
            "SECRET_FILE": self.secret,
            "ACCEPT_HMAC_SHA1": "1",  # OpenSSL's server can no other
            "PATIENCE": "2",
        }


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Ready:
    folder = tmp_path_factory.mktemp("cmp")
    body, request = EmbeddedCA(folder / "ca"), Card().request()
    (folder / "secret").write_text(f"{openssl.SECRET}\n")
    return Ready(
        request=request,
        certificate=body.enrol(request).certificate,
        chain=papers.write(folder / "chain.pem", *body.chain()),
        secret=folder / "secret",
    )


Serving = Callable[..., AbstractContextManager[tuple[CmpCA, Way]]]


@pytest.fixture
def serving(tmp_path: Path, ready: Ready) -> Serving:
    """Start OpenSSL's server with the shared secret and connect to it."""

    @contextmanager
    def start(*options: str, **settings: Any) -> Iterator[tuple[CmpCA, Way]]:
        protected = (*openssl.BY_SECRET, *options)
        with openssl.serving(tmp_path, ready.certificate, *protected) as way:
            yield ready.connect(way, **settings), way

    return start


def enrolled(body: CmpCA, ready: Ready) -> Enrolled:
    answer = body.enrol(ready.request, body.begin("case-1"))
    assert isinstance(answer, Enrolled)
    return answer


def now() -> datetime:
    return datetime.now(UTC)

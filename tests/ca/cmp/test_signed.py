"""Messages that are signed, ours and the body's: who signed, and whether we expected them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from registration.ca.cmp import structures
from registration.ca.cmp.authority import CmpCA
from registration.ca.errors import AnswerLostError, CASettingsError
from tests.ca.cmp import openssl, papers
from tests.ca.cmp.conftest import Ready, enrolled
from tests.ca.cmp.papers import Signer
from tests.ca.cmp.peer import Way


@dataclass
class Hall:
    """A root, the body's signer, ours; each test replaces whom it likes."""

    folder: Path
    ready: Ready
    root: Signer
    body: Signer
    ours: Signer

    @contextmanager
    def serving(self, **settings: Any) -> Iterator[tuple[CmpCA, Way]]:
        key, chain = self.body.files(self.folder)
        options = ["-srv_key", str(key), "-srv_cert", str(chain), "-srv_trusted"]
        with openssl.serving(
            self.folder, self.ready.certificate, *options, str(self.roots())
        ) as way:
            yield self.connect(way, **settings), way

    def connect(self, way: Way, **settings: Any) -> CmpCA:
        key, chain = self.ours.files(self.folder)
        section = {
            "REFERENCE": "",
            "SECRET_FILE": "",
            "KEY_FILE": key,
            "CERTIFICATES": chain,
            "ROOTS": self.roots(),
            "SIGNER": "CN=body",
        }
        return self.ready.connect(way, **section | settings)

    def roots(self) -> Path:
        return papers.write(
            self.folder / "roots.pem", self.root.certificate.public_bytes(Encoding.DER)
        )


@pytest.fixture
def hall(tmp_path: Path, ready: Ready) -> Hall:
    root = Signer("root", "P-384")
    return Hall(tmp_path, ready, root, Signer("body", issuer=root), Signer("ours", issuer=root))


@pytest.mark.parametrize("kind", ["P-256", "P-384", "RSA-3072"])
def test_both_sides_sign(hall: Hall, kind: str) -> None:
    hall.body, hall.ours = (
        Signer("body", kind, issuer=hall.root),
        Signer("ours", kind, issuer=hall.root),
    )
    with hall.serving() as (body, way):
        granted = enrolled(body, hall.ready)
        body.confirm(granted.transaction, granted.certificate)
        assert body.health().ok
    asked = structures.Message.load(way.asked[0])
    assert asked["header"]["sender"].chosen.native == {"common_name": "ours"}


def refused(hall: Hall, **settings: Any) -> str:
    with hall.serving(**settings) as (body, _way), pytest.raises(AnswerLostError) as doubt:
        body.enrol(hall.ready.request, body.begin("case-1"))
    return doubt.value.reason


def test_somebody_else_below_the_same_root_does_not_speak_for_the_body(hall: Hall) -> None:
    hall.body = Signer("citizen", issuer=hall.root)
    assert refused(hall) == "signer-not-the-expected-one"


def test_the_same_name_below_another_root_is_not_the_body(hall: Hall) -> None:
    stranger = Signer("root", "P-384")
    hall.body = Signer("body", issuer=stranger)
    assert refused(hall) == "signer-not-trusted"


def test_a_signer_whose_certificate_ended_is_not_believed(hall: Hall) -> None:
    hall.body = Signer("body", issuer=hall.root, age=timedelta(days=400))
    assert refused(hall) == "signer-not-trusted"


def test_a_key_that_is_not_for_signing_messages_is_not_believed(hall: Hall) -> None:
    hall.body = Signer("body", issuer=hall.root, may_sign=False)
    assert refused(hall) == "signer-may-not-sign"


def test_a_changed_signed_answer_is_not_believed(hall: Hall) -> None:
    with hall.serving() as (body, way):
        way.change = tampered
        with pytest.raises(AnswerLostError) as doubt:
            body.enrol(hall.ready.request, body.begin("case-1"))
    assert doubt.value.reason == "protection-wrong"


def tampered(answer: bytes) -> bytes:
    message = structures.Message.load(answer)
    message["header"]["sender_nonce"] = b"another"
    return message.dump(force=True)


def test_a_secret_is_no_signature(hall: Hall) -> None:
    with openssl.serving(
        hall.folder,
        hall.ready.certificate,
        *openssl.BY_SECRET,
        "-accept_unprotected",
        "-srv_trusted",
        str(hall.roots()),
    ) as way:
        body = hall.connect(way)
        with pytest.raises(AnswerLostError) as doubt:
            body.enrol(hall.ready.request, body.begin("case-1"))
    assert doubt.value.reason == "answer-not-signed"


def test_a_body_without_anchors_cannot_be_believed(hall: Hall) -> None:
    with pytest.raises(CASettingsError) as fault:
        hall.connect(Way(hall.folder, url="http://127.0.0.1:1/"), ROOTS="")
    assert fault.value.reason == "ROOTS"

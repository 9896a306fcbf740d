"""Request and proof of every kind of key that a card can make, as the inspector reads them."""

import json
import runpy
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from archive.services import inspection
from registration.ca import keys, proof
from registration.ca.base import Enrolled
from registration.ca.embedded.authority import EmbeddedCA
from tests.ca.cards import NOW, Card

ISSUANCE = "5f0c7a52-0c5e-4c53-9d8a-6a1b5f2f7a10"


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedCA:
    return EmbeddedCA(tmp_path_factory.mktemp("ca"), clock=lambda: NOW)


@pytest.mark.parametrize("kind", keys.CARD_KINDS)
def test_every_kind_of_key_is_understood(kind: str, body: EmbeddedCA) -> None:
    card, challenge = Card(key=keys.generate(kind)), proof.new_challenge()
    answer = body.enrol(card.request(key=kind))
    assert isinstance(answer, Enrolled)
    certificate = x509.load_der_x509_certificate(answer.certificate)
    request = x509.load_der_x509_csr(card.csr())
    files = {
        "data/certificate/certificate.pem": certificate.public_bytes(Encoding.PEM),
        "data/making/request.pem": request.public_bytes(Encoding.PEM),
        "data/making/issuance.json": json.dumps({"id": ISSUANCE}).encode(),
        "data/making/challenge.bin": challenge,
        "data/making/proof.bin": card.prove(ISSUANCE, challenge),
    }
    program = runpy.run_path(str(inspection.VERIFIER))
    bundle = program["Bundle"]("", files, Path(), Path(), None)
    assert program["check_request"](bundle).startswith("the request was signed")
    assert program["check_pairing"](bundle).startswith("the chip signed")
    files["data/making/proof.bin"] = card.prove(ISSUANCE, proof.new_challenge())
    with pytest.raises(program["RefusedError"], match="did not sign the challenge"):
        program["check_pairing"](bundle)

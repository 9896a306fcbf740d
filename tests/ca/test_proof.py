"""The card proves its key twice: in the request, and with the certificate that it was given."""

from collections.abc import Callable

import pytest
from asn1crypto.csr import CertificationRequest, CertificationRequestInfo
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from registration.ca import keys, proof, subject
from registration.ca.base import Subject
from registration.ca.embedded.authority import EmbeddedCA
from registration.ca.errors import ProofError
from tests.ca.cards import SUBJECT, TOGETHER, Card, der

CHALLENGE = bytes(range(32))


def refused(act: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(ProofError) as refusal:
        act(*arguments)
    return refusal.value.reason


class TestRequest:
    def test_it_yields_the_card_s_key(self, card: Card) -> None:
        assert proof.verify_request(card.csr(), SUBJECT) == card.key.public_key()

    def test_an_rsa_card_can_ask_too(self) -> None:
        key = rsa.generate_private_key(65537, 2048)
        builder = x509.CertificateSigningRequestBuilder().subject_name(subject.name(SUBJECT))
        csr = der(builder.sign(key, hashes.SHA256()))
        assert proof.verify_request(csr, SUBJECT) == key.public_key()

    def test_a_request_signed_by_another_key_is_refused(self, card: Card) -> None:
        request = x509.load_der_x509_csr(card.csr())
        stranger = Card().key.sign(request.tbs_certrequest_bytes, ec.ECDSA(hashes.SHA256()))
        forged = card.csr()[: -len(request.signature)] + stranger
        assert refused(proof.verify_request, forged, SUBJECT) in {
            "request-signature-does-not-verify",
            "request-malformed",  # the other signature may be a byte longer
        }

    def test_another_name_is_refused(self, card: Card) -> None:
        other = subject.build("Ана", "Анић", "0101990610070", "001234567")
        assert refused(proof.verify_request, card.csr(), other) == "request-names-another-subject"

    @pytest.mark.parametrize(("asked", "given"), [(SUBJECT, TOGETHER), (TOGETHER, SUBJECT)])
    def test_the_same_words_in_another_form_are_another_name(
        self, asked: Subject, given: Subject
    ) -> None:
        csr = Card(given).csr()
        assert refused(proof.verify_request, csr, asked) == "request-names-another-subject"
        assert proof.verify_request(csr, given)

    def test_what_shares_an_rdn_in_another_order_than_that_of_der_is_refused(self) -> None:
        card = Card(TOGETHER)
        request = CertificationRequest.load(card.csr())
        info = request["certification_request_info"]
        part = info["subject"].chosen[3]
        pair = list(part)
        turned = info.dump().replace(part.contents, b"".join(each.dump() for each in pair[::-1]))
        request["certification_request_info"] = CertificationRequestInfo.load(turned)
        request["signature"] = keys.sign(card.key, turned)
        assert turned in request.dump()
        assert refused(proof.verify_request, request.dump(), TOGETHER) == "request-malformed"

    def test_noise_is_refused(self) -> None:
        assert refused(proof.verify_request, b"noise", SUBJECT) == "request-malformed"

    def test_a_curve_that_nobody_knows_is_refused(self, card: Card) -> None:
        changed = bytes.fromhex("2a8648ce3d030107"), bytes.fromhex("2a8648ce3d030177")
        csr = card.csr().replace(*changed)
        assert refused(proof.verify_request, csr, SUBJECT) == "request-malformed"

    def test_a_kind_of_key_that_no_card_makes_is_refused(self) -> None:
        builder = x509.CertificateSigningRequestBuilder().subject_name(subject.name(SUBJECT))
        csr = der(builder.sign(ed25519.Ed25519PrivateKey.generate(), None))
        assert refused(proof.verify_request, csr, SUBJECT) == "key-kind-not-known"


class TestPairing:
    @pytest.fixture
    def certificate(self, body: EmbeddedCA, card: Card) -> bytes:
        return body.enrol(card.request()).certificate

    def test_the_card_with_the_key_passes(self, card: Card, certificate: bytes) -> None:
        signature = card.prove("issuance-1", CHALLENGE)
        assert proof.verify_pairing(certificate, "issuance-1", CHALLENGE, signature) is None

    @pytest.mark.parametrize(
        ("issuance", "challenge"), [("issuance-2", CHALLENGE), ("issuance-1", bytes(32))]
    )
    def test_a_signature_for_something_else_does_not(
        self, card: Card, certificate: bytes, issuance: str, challenge: bytes
    ) -> None:
        signature = card.prove("issuance-1", CHALLENGE)
        reason = refused(proof.verify_pairing, certificate, issuance, challenge, signature)
        assert reason == "signature-does-not-verify"

    def test_another_card_does_not(self, certificate: bytes) -> None:
        signature = Card().prove("issuance-1", CHALLENGE)
        reason = refused(proof.verify_pairing, certificate, "issuance-1", CHALLENGE, signature)
        assert reason == "signature-does-not-verify"

    def test_a_short_challenge_proves_nothing(self, card: Card, certificate: bytes) -> None:
        signature = card.prove("issuance-1", b"")
        reason = refused(proof.verify_pairing, certificate, "issuance-1", b"", signature)
        assert reason == "challenge-of-wrong-length"

    def test_noise_proves_nothing(self) -> None:
        reason = refused(proof.verify_pairing, b"noise", "issuance-1", CHALLENGE, b"")
        assert reason == "certificate-malformed"

    def test_the_message_is_tagged_and_bound_to_the_issuance(self) -> None:
        message = proof.pairing_message("abc", CHALLENGE)
        assert message == b"overa pairing proof\x00abc\x00" + CHALLENGE

    def test_every_challenge_is_new(self) -> None:
        assert len({proof.new_challenge() for _ in range(100)}) == 100


def test_rsa_signatures_verify_too() -> None:
    key = rsa.generate_private_key(65537, 2048)
    signature = key.sign(b"message", padding.PKCS1v15(), hashes.SHA256())
    assert keys.verify(key.public_key(), signature, b"message", hashes.SHA256()) is None
    reason = refused(keys.verify, key.public_key(), signature, b"other", hashes.SHA256())
    assert reason == "signature-does-not-verify"


def test_a_key_survives_its_encoding(card: Card) -> None:
    public = card.key.public_key()
    assert keys.decode(keys.encode(public)) == public
    assert keys.encode(public) == public.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )

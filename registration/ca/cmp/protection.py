"""How a message is protected, by a MAC from a shared secret or by a signature; both are judged."""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from asn1crypto import core, parser
from asn1crypto.x509 import GeneralName, Name
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import verification

from registration.ca import keys
from registration.ca.cmp import structures
from registration.ca.errors import AnswerLostError, ProofError

MAC = "1.2.840.113533.7.66.13"  # id-PasswordBasedMac
ITERATIONS = 10_000
_MOST_ITERATIONS = 100_000  # of an answer; more would only keep us busy
_LEAST_ITERATIONS = 100  # RFC 4211, section 4.4: the secret is long, the count guards little
_SALT_BYTES = 16
_SHA256, _HMAC_SHA256 = "2.16.840.1.101.3.4.2.1", "1.2.840.113549.2.9"
_HASHES = {
    _SHA256: "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
_MACS = {
    _HMAC_SHA256: "sha256",
    "1.2.840.113549.2.10": "sha384",
    "1.2.840.113549.2.11": "sha512",
    "1.3.6.1.5.5.8.1.2": "sha1",
    "1.2.840.113549.2.7": "sha1",
}
_OURS = {"P-384": "1.2.840.10045.4.3.3", "P-256": "1.2.840.10045.4.3.2"}
_RSA_SHA256 = "1.2.840.113549.1.1.11"
_ECDSA: dict[str, hashes.HashAlgorithm] = {
    "1.2.840.10045.4.3.2": hashes.SHA256(),
    "1.2.840.10045.4.3.3": hashes.SHA384(),
    "1.2.840.10045.4.3.4": hashes.SHA512(),
}
_RSA: dict[str, hashes.HashAlgorithm] = {  # PKCS#1 v1.5
    _RSA_SHA256: hashes.SHA256(),
    "1.2.840.113549.1.1.12": hashes.SHA384(),
    "1.2.840.113549.1.1.13": hashes.SHA512(),
}


@dataclass(frozen=True)
class Protected:
    """A message as it came: what its protection was made over, and by whom it says it is."""

    part: bytes  # header and body, the original bytes
    header: Any  # structures.Header
    protection: bytes | None
    certificates: tuple[bytes, ...]  # DER


class Protection(Protocol):
    """What our own messages are protected with."""

    @property
    def certificates(self) -> tuple[bytes, ...]:
        """Return what is sent along, DER."""

    def sender(self) -> dict[str, Any]:
        """Return the header's fields that say who we are."""

    def algorithm(self) -> Any:
        """Return the structures.Algorithm of one message."""

    def protect(self, algorithm: Any, part: bytes) -> bytes: ...


@dataclass(frozen=True)
class SharedSecret:
    """MAC by a password (RFC 4211, section 4.4): HMAC-SHA-256, at least 10,000 iterations."""

    reference: bytes
    secret: bytes
    certificates: tuple[bytes, ...] = ()

    def sender(self) -> dict[str, Any]:
        """Return no name: the reference alone says whose the secret is."""
        return {"sender": directory_name(x509.Name([])), "sender_kid": self.reference}

    def algorithm(self) -> structures.Algorithm:
        parameters = structures.MacParameters(
            {
                "salt": secrets.token_bytes(_SALT_BYTES),
                "hash": {"algorithm": _SHA256, "parameters": core.Null()},
                "iterations": ITERATIONS,
                "mac": {"algorithm": _HMAC_SHA256, "parameters": core.Null()},
            }
        )
        return structures.Algorithm({"algorithm": MAC, "parameters": parameters})

    def protect(self, algorithm: structures.Algorithm, part: bytes) -> bytes:
        return _mac(self.secret, algorithm, part)


@dataclass(frozen=True)
class SigningKey:
    """A key of ours with its certificate first in `chain`."""

    key: keys.PrivateKey
    chain: tuple[x509.Certificate, ...]

    @property
    def certificates(self) -> tuple[bytes, ...]:
        return tuple(each.public_bytes(Encoding.DER) for each in self.chain)

    def sender(self) -> dict[str, Any]:
        own = self.chain[0]
        known = key_identifier(own)
        return {"sender": directory_name(own.subject)} | ({"sender_kid": known} if known else {})

    def algorithm(self) -> structures.Algorithm:
        oid = _OURS.get(keys.kind_of(self.key.public_key()))
        if oid:
            return structures.Algorithm({"algorithm": oid})
        return structures.Algorithm({"algorithm": _RSA_SHA256, "parameters": core.Null()})

    def protect(self, _algorithm: structures.Algorithm, part: bytes) -> bytes:
        return keys.sign(self.key, part)


@dataclass(frozen=True)
class Trust:
    """Whose answers are believed: who knows the secret, or the named signer under our anchors."""

    secret: bytes | None
    anchors: tuple[x509.Certificate, ...] = ()
    signer: x509.Name | None = None
    hmac_sha1: bool = False  # an old body can no other; ours is never made with it

    def require(self, message: Protected, at: datetime) -> None:
        """Raise AnswerLostError unless the protection of a message holds."""
        algorithm = message.header["protection_algorithm"]
        if message.protection is None or not isinstance(algorithm, structures.Algorithm):
            raise AnswerLostError("answer-not-protected")
        if algorithm["algorithm"].dotted == MAC:
            self._require_mac(message, algorithm)
        else:
            self._require_signature(message, algorithm, at)

    def _require_mac(self, message: Protected, algorithm: structures.Algorithm) -> None:
        if self.secret is None:
            raise AnswerLostError("answer-not-signed")
        parameters = algorithm["parameters"].parse(structures.MacParameters)
        if _MACS.get(parameters["mac"]["algorithm"].dotted) == "sha1" and not self.hmac_sha1:
            raise AnswerLostError("mac-algorithm-not-accepted")
        expected = _mac(self.secret, algorithm, message.part)
        if not hmac.compare_digest(expected, message.protection or b""):
            raise AnswerLostError("protection-wrong")

    def _require_signature(
        self, message: Protected, algorithm: structures.Algorithm, at: datetime
    ) -> None:
        if not self.anchors:
            raise AnswerLostError("no-anchors-for-signed-answer")
        signer = self._signer(message)
        self._require_path(signer, message, at)
        _verify(signer, algorithm, message.protection or b"", message.part)

    def _signer(self, message: Protected) -> x509.Certificate:
        """Find the certificate that the header names; of others under our anchors none may sign."""
        sender = parser.parse(message.header["sender"].chosen.dump())[4]  # without its tag
        identifier = message.header["sender_kid"].native
        for each in (*_parsed(message.certificates), *self.anchors):
            named = each.subject.public_bytes() == sender and each.subject == self.signer
            if named and identifier in (None, key_identifier(each)):
                return each
        raise AnswerLostError("signer-not-the-expected-one")

    def _require_path(self, signer: x509.Certificate, message: Protected, at: datetime) -> None:
        usage = _usage(signer)
        if usage is not None and not usage.digital_signature:
            raise AnswerLostError("signer-may-not-sign")
        lives = signer.not_valid_before_utc <= at <= signer.not_valid_after_utc
        if signer in self.anchors and lives:
            return
        anyone = verification.ExtensionPolicy.permit_all()
        builder = verification.PolicyBuilder().store(verification.Store(list(self.anchors)))
        builder = builder.time(at).extension_policies(
            ca_policy=verification.ExtensionPolicy.webpki_defaults_ca(), ee_policy=anyone
        )
        try:
            builder.build_client_verifier().verify(signer, list(_parsed(message.certificates)))
        except verification.VerificationError as error:
            raise AnswerLostError("signer-not-trusted") from error


def directory_name(name: x509.Name) -> Any:
    return GeneralName("directory_name", Name.load(name.public_bytes()))


def key_identifier(certificate: x509.Certificate) -> bytes | None:
    try:
        return certificate.extensions.get_extension_for_class(
            x509.SubjectKeyIdentifier
        ).value.digest
    except (x509.ExtensionNotFound, ValueError):
        return None


def _mac(secret: bytes, algorithm: structures.Algorithm, part: bytes) -> bytes:
    parameters = algorithm["parameters"].parse(structures.MacParameters)
    owf = _HASHES.get(parameters["hash"]["algorithm"].dotted)
    mac = _MACS.get(parameters["mac"]["algorithm"].dotted)
    iterations = parameters["iterations"].native
    if owf is None or mac is None:
        raise AnswerLostError("mac-algorithm-not-accepted")
    if not _LEAST_ITERATIONS <= iterations <= _MOST_ITERATIONS:
        raise AnswerLostError("mac-iterations-not-accepted")
    key = secret + parameters["salt"].native
    for _ in range(iterations):
        key = hashlib.new(owf, key).digest()
    return hmac.digest(key, part, mac)


def _verify(
    signer: x509.Certificate, algorithm: structures.Algorithm, signature: bytes, part: bytes
) -> None:
    public = signer.public_key()
    accepted = _ECDSA if isinstance(public, ec.EllipticCurvePublicKey) else _RSA
    hashed = accepted.get(algorithm["algorithm"].dotted)
    if hashed is None:
        raise AnswerLostError("signature-algorithm-not-accepted")
    try:
        keys.verify(public, signature, part, hashed)
    except ProofError as error:
        raise AnswerLostError("protection-wrong") from error


def _parsed(certificates: tuple[bytes, ...]) -> Iterator[x509.Certificate]:
    for der in certificates:
        try:
            yield x509.load_der_x509_certificate(der)
        except (ValueError, UnsupportedAlgorithm):  # what we cannot read cannot help
            continue


def _usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None

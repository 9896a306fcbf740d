"""A citizen's card in software, and a forger who holds the CA's own key."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from registration.ca import base, keys, profiles, proof, subject
from registration.ca.embedded import hierarchy

NOW = datetime(2030, 3, 1, 9, 30, tzinfo=UTC)
PETAR = ("Петар", "Петровић", "0101990610020", "001234567")
SUBJECT = subject.build(*PETAR)
TOGETHER = subject.build(*PETAR, one_rdn=True)


@dataclass(frozen=True)
class Card:
    subject: base.Subject = SUBJECT
    key: keys.PrivateKey = field(default_factory=lambda: keys.generate("P-256"))

    def request(
        self,
        key: str = "case-1",
        email: str | None = None,
        not_after: datetime | None = None,
        profile: str = profiles.STRICT_SIGNING,
    ) -> base.EnrolmentRequest:
        return base.EnrolmentRequest(key, self.csr(email), self.subject, profile, email, not_after)

    def csr(self, email: str | None = None) -> bytes:
        builder = x509.CertificateSigningRequestBuilder().subject_name(subject.name(self.subject))
        if email and email.isascii():
            names = x509.SubjectAlternativeName([x509.RFC822Name(email)])
            builder = builder.add_extension(names, critical=False)
        return der(builder.sign(self.key, keys.hash_of(self.key.public_key())))

    def prove(self, issuance: str, challenge: bytes) -> bytes:
        return keys.sign(self.key, proof.pairing_message(issuance, challenge))


def subject_of(name: x509.Name) -> base.Subject:
    return tuple(
        tuple(text for each in rdn for text in (each.oid.dotted_string, str(each.value)))
        for rdn in name.rdns
    )


def der(thing: x509.Certificate | x509.CertificateSigningRequest) -> bytes:
    return thing.public_bytes(serialization.Encoding.DER)


@dataclass(frozen=True)
class Forger:
    """Re-issues a certificate with changes, under the real issuing key."""

    folder: Path

    def forge(
        self,
        certificate: bytes,
        *,
        without: Sequence[x509.ObjectIdentifier] = (),
        adding: Sequence[tuple[x509.ExtensionType, bool]] = (),
        **changes: object,
    ) -> bytes:
        old = x509.load_der_x509_certificate(certificate)
        signer = hierarchy.load_or_make(self.folder / "authority", "P-384")
        builder = self._copy(old, changes)
        for extension in old.extensions:
            if extension.oid not in without:
                builder = builder.add_extension(extension.value, critical=extension.critical)
        for value, critical in adding:
            builder = builder.add_extension(value, critical=critical)
        return der(builder.sign(changes.get("signer", signer.key), hashes.SHA384()))

    def _copy(self, old: x509.Certificate, changes: dict[str, object]) -> x509.CertificateBuilder:
        return x509.CertificateBuilder(
            issuer_name=changes.get("issuer", old.issuer),
            subject_name=changes.get("subject", old.subject),
            public_key=changes.get("public_key", old.public_key()),
            serial_number=old.serial_number,
            not_valid_before=changes.get("start", old.not_valid_before_utc).replace(tzinfo=None),
            not_valid_after=changes.get("end", old.not_valid_after_utc).replace(tzinfo=None),
        )

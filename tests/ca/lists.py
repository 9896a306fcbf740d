"""Revocation lists of any length, written entry by entry: pyca's builder would hold them whole."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from asn1crypto import algos, core, crl
from asn1crypto import x509 as names
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

_KEY = ec.generate_private_key(ec.SECP256R1())
_NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Body with a long list")])


@dataclass(frozen=True)
class LongLists:
    folder: Path

    @cached_property
    def now(self) -> datetime:
        return datetime.now(UTC).replace(microsecond=0)

    def write(self, name: str, entries: int) -> int:
        """Write the body's certificate and its list; return the last serial number."""
        (self.folder / "ca.pem").write_bytes(self._issuer().public_bytes(_PEM))
        content, last = self._entries(entries)
        algorithm = algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}).dump()
        moments = b"".join(core.UTCTime(each).dump() for each in self._moments())
        named = names.Name.load(_NAME.public_bytes()).dump()
        listed = _wrapped(0x30, content)
        signed = _wrapped(0x30, core.Integer(1).dump() + algorithm + named + moments + listed)
        signature = _KEY.sign(signed, ec.ECDSA(hashes.SHA256()))
        whole = signed + algorithm + core.OctetBitString(signature).dump()
        (self.folder / name).write_bytes(_wrapped(0x30, whole))
        return last

    def _moments(self) -> tuple[datetime, datetime]:
        return self.now, self.now + timedelta(days=1)

    def _entries(self, count: int) -> tuple[bytes, int]:
        """Return entries with numbers of 16 bytes, as bodies of many certificates choose them."""
        first = crl.RevokedCertificate(
            {"user_certificate": 1 << 120, "revocation_date": names.Time({"utc_time": self.now})}
        ).dump()
        head, tail = first[:4], first[20:]
        serials = [b"\x01" + secrets.token_bytes(15) for _ in range(count)]
        return b"".join(head + each + tail for each in serials), int.from_bytes(serials[-1])

    def _issuer(self) -> x509.Certificate:
        builder = x509.CertificateBuilder(_NAME, _NAME, _KEY.public_key(), 1)
        builder = builder.not_valid_before(self.now).not_valid_after(self._moments()[1])
        return builder.sign(_KEY, hashes.SHA256())


_PEM = serialization.Encoding.PEM


def _wrapped(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    size = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes((tag, 0x80 + len(size))) + size + content

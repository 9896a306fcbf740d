"""Filed cases for the archive's stories, with certificates made on the spot."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from archive import store
from archive.filing import CertificateFacts, FiledPaper, Filing

JMBG = "0101990610020"
OTHER_JMBG = "0101990610070"
START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
_numbers = count(1)
_key = ec.generate_private_key(ec.SECP256R1())


def certificate(serial: int, role: str = "signing", *, years: int = 5) -> CertificateFacts:
    """Make a self-signed certificate: the archive reads it, it does not judge it."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Overa test")])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(_key.public_key())
        .serial_number(serial)
        .not_valid_before(START)
        .not_valid_after(START + timedelta(days=years * 365))
        .sign(_key, hashes.SHA256())
    )
    return CertificateFacts.read(built.public_bytes(serialization.Encoding.DER), role)


def both(number: int, *, years: int = 5) -> tuple[CertificateFacts, CertificateFacts]:
    """Make the two certificates of a card; that for authentication lasts `years`."""
    return (
        certificate(0x4F00AA0000 + number),
        certificate(0x5E00BB0000 + number, "authentication", years=years),
    )


def paper(kind: str, copy: int, *, retained: bool) -> FiledPaper:
    data = f"%PDF-1.7 {kind} {copy}".encode()
    title = {"request": "Захтев", "terms": "Општи услови", "contract": "Уговор"}[kind]
    return FiledPaper(kind, copy, title, store.put(data), len(data), 1, retained=retained)


def filing(surname: str = "Петровић", given_name: str = "Ана", **changes: object) -> Filing:
    """Return a whole issued case with numbers of its own."""
    number = next(_numbers)
    said: dict[str, object] = {
        "reference": f"2026-{number:04d}",
        "case_number": f"2026-{number:04d}",
        "file_number": f"SE-{number}/2026",
        "kind": "issue",
        "office_code": "BG-01",
        "office_name": "ПС Савски венац",
        "officer": "Јелена Илић",
        "surname": surname,
        "given_name": given_name,
        "jmbg": JMBG,
        "document_number": "001234567",
        "decided_on": date(2026, 3, 2),
        "certificates": both(number),
        "papers": (
            paper("request", 1, retained=True),
            paper("terms", 1, retained=True),
            paper("terms", 2, retained=False),
        ),
        "signatures": (
            {
                "paper": "request",
                "copy": 1,
                "role": "citizen",
                "signer": f"{given_name} {surname}",
                "signed_on": "2026-03-02",
                "place": "Београд",
                "witness": "Јелена Илић",
            },
        ),
        "custody": (
            {
                "kind": "terms",
                "copy": 2,
                "what": "Општи услови 2",
                "holder": "citizen",
                "since": "2026-03-02T10:20:00+00:00",
            },
        ),
        "events": (
            {
                "at": "2026-03-02T10:01:00+00:00",
                "event": "case.print",
                "actor": "jelena",
                "note": "",
            },
        ),
    }
    return Filing(**{**said, **changes})  # type: ignore[arg-type]

"""What is kept about one certificate, or a case without any, as the files of its evidence.

As long as the counter has its copy of the person they are made from its rows; then they are the
archive's.
"""

from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.db.models import Q

from archive.services import evidence, inspection
from registration.ca.base import Connector
from registration.models import Application, Certificate, IdentityCheck, Issuance
from registration.queries import bodies, cases
from registration.queries.dossier import acts, making, papers
from registration.queries.dossier.writing import name_of, written

__all__ = ["audited", "chain", "files", "of_case", "said_later", "written"]


_ALWAYS_MISSING = """
- What the card gave back when it was read is not kept: the server compared it with the certificate
  byte for byte and journaled that (making/journal.json, step write-certificate).
- The messages between desk and server are not kept: their ids and times are in the journal.
- The portrait of the person is not part of the bundle.
- No time stamp of a third party (RFC 3161) is bound to the signed heads: compare them with a copy
  that left the machine in time.
- That no event of the case was left out cannot be seen from the bundle alone: the steps that a
  certificate needs are asked for, the whole log is checked on the machine (manage.py verify_audit).
""".lstrip()
_NO_MESSAGES = "- No message to or from the certification body is kept.\n"
_NOT_SCANNED = "- Of these papers no scan is kept, the officer's word stands for the ink: "


def audited(certificate: Certificate) -> Q:
    """Return which events of the audit are the case's, from its filing on under its file's number.

    The end that a later certificate brought, destroying its key or renewing it, is told in that
    one's case.
    """
    case = certificate.application
    own = [each for each in (case.number, case.file_number) if each]
    serial = certificate.serial
    later = Issuance.objects.filter(Q(replaced_serial=serial) | Q(renews_serial=serial))
    ended = Q(
        subject__in=list(later.values_list("application__number", flat=True)),
        event="certificate.revoke",
        facts__serial=serial,
    )
    return Q(subject__in=own) | ended


def files(certificate: Certificate) -> dict[str, bytes]:
    """Return what was kept, papers and all; StoreError where one is damaged or gone.

    Raises PersonGoneError where the archive has destroyed it, CAError where the body is not set.
    """
    case = certificate.application
    if case.dropped_at:
        record = cases.require_record(case)
        return evidence.files(record, certificate.serial) | said_later(certificate)
    found = dict(papers.files(certificate.issuance))
    found |= dict(making.files(certificate.issuance))
    found[inspection.CERTIFICATE] = certificate.pem.encode()
    found[inspection.CHAIN] = chain(bodies.of(certificate.issuance))
    found["case.json"] = written(_case(case) | {"certificate": _certificate(certificate)})
    found["identity.json"] = written(_identity(case))
    found["not-kept.txt"] = _missing(certificate.issuance)
    return found


def chain(connector: Connector) -> bytes:
    """Return the body's certificates, PEM, the issuing one first."""
    parts = [x509.load_der_x509_certificate(der) for der in connector.chain()]
    return b"".join(part.public_bytes(Encoding.PEM) for part in parts)


def said_later(certificate: Certificate) -> dict[str, bytes]:
    """Return what was said to the body after the archive got the rest."""
    record = cases.record_of(certificate.application)
    kept = record.evidence.filter(certificate=certificate.serial) if record else None
    paths = kept.filter(path__startswith=making.BODY).values_list("path", flat=True) if kept else ()
    last = max((int(path[len(making.BODY) :][:3]) for path in paths), default=0)
    return dict(making.said_to_body(certificate.issuance, since=last))


def of_case(case: Application) -> dict[str, bytes]:
    """Return what proves how a case went that brought no certificate; raise StoreError."""
    found = dict(papers.of_case(case))
    found["case.json"] = written(_case(case))
    found["identity.json"] = written(_identity(case))
    found["acts.json"] = written(acts.of(case))
    return found


def _certificate(certificate: Certificate) -> dict[str, str]:
    return {
        "serial": certificate.serial,
        "issuer": certificate.issuer,
        "role": certificate.role,
        "sha256": certificate.sha256,
    }


def _case(case: Application) -> dict[str, Any]:
    return {
        "number": case.number,
        "file_number": case.file_number,
        "procedure": case.procedure,
        "state": case.state,
        "office": {"code": case.office.code, "name": case.office.name},
        "opened_by": name_of(case.created_by),
        "opened_at": case.created_at.isoformat(),
        "filed_at": case.filed_at.isoformat() if case.filed_at else None,
        "applicant": case.applicant,
        "email_choice": case.email_choice,
        "contract_requested": case.contract_requested,
        "contract_waiver": case.contract_waiver,
    }


def _identity(case: Application) -> dict[str, Any]:
    return {
        "checks": [_check(each) for each in case.identity_checks.all()],
        "cards": [
            {
                "desk": each.desk.code,
                "read_at": each.answered_at.isoformat() if each.answered_at else None,
                "authenticity": each.authenticity,
                "differences": each.differences,
                "document": (each.card or {}).get("document"),
                "person": (each.card or {}).get("person"),
            }
            for each in case.card_readings.select_related("desk")
        ],
    }


def _check(check: IdentityCheck) -> dict[str, Any]:
    return {
        "method": check.method,
        "document": check.document,
        "note": check.note,
        "checked_by": name_of(check.checked_by),
        "checked_at": check.checked_at.isoformat(),
    }


def _missing(issuance: Issuance) -> bytes:
    """Say what an inspector might look for and will not find."""
    counted = papers.counted(issuance)
    unscanned = [papers.name(each) for each in counted if not hasattr(each, "scan")]
    said = f"{_NOT_SCANNED}{', '.join(unscanned)}.\n" if unscanned else ""
    silent = "" if making.body_messages(issuance).exists() else _NO_MESSAGES
    return (_ALWAYS_MISSING + silent + said).encode()

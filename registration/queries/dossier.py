"""What the counter holds about one certificate, as the files of its evidence bundle."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q

from archive import store
from archive.models import RecordFile
from registration.models import (
    Application,
    Certificate,
    IdentityCheck,
    Issuance,
    Paper,
    PaperVersion,
    Signature,
    User,
)
from registration.queries import papers
from registration.queries import wording as texts

Files = Iterator[tuple[str, bytes]]
"""(path below the payload, content)"""

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
    """Return what was kept, papers and all; StoreError where one is damaged or gone."""
    case = certificate.application
    found = dict(_papers(certificate.issuance))
    found |= dict(_making(certificate.issuance))
    found["certificate/certificate.pem"] = certificate.pem.encode()
    found["case.json"] = written(_case(certificate))
    found["identity.json"] = written(_identity(case))
    found["not-kept.txt"] = _missing(certificate.issuance)
    return found


def written(value: Any) -> bytes:
    """Write JSON so that people and programs read it."""
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def _case(certificate: Certificate) -> dict[str, Any]:
    case = certificate.application
    return {
        "number": case.number,
        "file_number": case.file_number,
        "procedure": case.procedure,
        "state": case.state,
        "office": {"code": case.office.code, "name": case.office.name},
        "opened_by": _name(case.created_by),
        "opened_at": case.created_at.isoformat(),
        "filed_at": case.filed_at.isoformat() if case.filed_at else None,
        "applicant": case.applicant,
        "email_choice": case.email_choice,
        "contract_requested": case.contract_requested,
        "contract_waiver": case.contract_waiver,
        "certificate": {
            "serial": certificate.serial,
            "issuer": certificate.issuer,
            "role": certificate.role,
            "sha256": certificate.sha256,
        },
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
        "checked_by": _name(check.checked_by),
        "checked_at": check.checked_at.isoformat(),
    }


def _counting(issuance: Issuance) -> list[Paper]:
    """Return the papers whose signatures the making was begun upon, and what came to them since.

    Of a case that was printed again after its certificate was recalled, these are earlier ones.
    """
    case = issuance.application
    signed = list(case.papers.filter(signatures__in=_begun_upon(issuance)).distinct())
    taken = {(each.kind, each.copy) for each in signed}
    others = [each for each in papers.kept(case) if (each.kind, each.copy) not in taken]
    return sorted([*signed, *others], key=lambda each: each.position)


def _begun_upon(issuance: Issuance) -> list[int]:
    """Return the ids of the signatures that the gate named."""
    rows = issuance.evidence.filter(kind="signature")
    return [int(reference) for reference in rows.values_list("reference", flat=True)]


def _papers(issuance: Issuance) -> Files:
    """Yield each paper in every edition, the pictures of its signatures, the wordings."""
    counting = _counting(issuance)
    told = []
    for paper in counting:
        editions = dict(_editions(paper))
        yield from ((path, store.get(sha256)) for path, sha256 in editions.items())
        told.append(_paper(paper, editions))
    signatures = []
    for signature in _signatures(counting, _begun_upon(issuance)):
        cut = signature.mark.cut if hasattr(signature, "mark") else ""
        path = f"papers/signature-{signature.pk}.png" if cut else ""
        if path:
            yield path, store.get(cut)
        signatures.append(_signature(signature, path))
    yield "papers.json", written({"papers": told, "signatures": signatures})
    for kind, version in sorted({(each.kind, each.version) for each in counting}):
        yield f"wording/{kind}-{version}.json", written(_wording(kind, version))


def _editions(paper: Paper) -> Iterator[tuple[str, str]]:
    """Yield (path, SHA-256) of a paper as printed, as scanned, as sealed."""
    stem = f"papers/{_stem(paper)}"
    yield f"{stem}.pdf", paper.sha256
    if hasattr(paper, "scan"):
        yield f"{stem}-scanned.pdf", paper.scan.sha256
    sealed = RecordFile.objects.filter(
        record__reference=paper.application.record_reference,
        edition=RecordFile.Edition.SEALED,
        kind=paper.kind,
        copy=paper.copy,
    ).first()
    if sealed:
        yield f"{stem}-sealed.pdf", sealed.sha256


def _stem(paper: Paper) -> str:
    return f"{paper.kind}-{paper.copy}"


def _paper(paper: Paper, editions: Mapping[str, str]) -> dict[str, Any]:
    return {
        "kind": paper.kind,
        "copy": paper.copy,
        "version": paper.version,
        "title": paper.title,
        "sha256": paper.sha256,
        "expected": paper.expected,
        "pages": [page.code for page in paper.pages.all()],
        "printed_by": _name(paper.packet.printed_by),
        "printed_at": paper.packet.printed_at.isoformat(),
        "files": editions,
    }


def _signatures(counting: list[Paper], begun_upon: list[int]) -> Iterator[Signature]:
    known = Q(withdrawn_at=None) | Q(pk__in=begun_upon)
    recorded = Signature.objects.filter(known, paper__in=counting)
    yield from recorded.select_related("paper", "recorded_by").order_by("paper__position", "pk")


def _signature(signature: Signature, picture: str) -> dict[str, Any]:
    return {
        "paper": signature.paper.kind,
        "copy": signature.paper.copy,
        "sha256": signature.paper.sha256,
        "role": signature.role,
        "signer": signature.signer,
        "signed_on": signature.signed_on.isoformat(),
        "place": signature.place,
        "witness": signature.witness,
        "recorded_by": _name(signature.recorded_by),
        "recorded_at": signature.recorded_at.isoformat(),
        "withdrawn_at": signature.withdrawn_at.isoformat() if signature.withdrawn_at else None,
        "picture": picture,
    }


def _wording(kind: str, code: str) -> dict[str, Any]:
    row = PaperVersion.objects.get(kind=kind, code=code)
    version = texts.version(row)
    return {
        "kind": kind,
        "version": code,
        "title": version.title,
        "valid_from": version.valid_from.isoformat(),
        "expected": list(version.expected),
        "approved_by": _name(row.approved_by) if row.approved_by else "",
        "blocks": [vars(block) for block in version.blocks],
    }


def _making(issuance: Issuance) -> Files:
    yield "making/request.pem", issuance.request.encode()
    yield "making/challenge.bin", bytes(issuance.challenge or b"")
    yield "making/proof.bin", bytes(issuance.proof or b"")
    yield "making/issuance.json", written(_issuance(issuance))
    journal = [
        {
            "number": each.number,
            "kind": each.kind,
            "step": each.step,
            "at": each.at.isoformat(),
            "message": each.message_id,
            "facts": each.facts,
        }
        for each in issuance.journal.all()
    ]
    yield "making/journal.json", written(journal)
    gate = [
        {"kind": each.kind, "reference": each.reference, "facts": each.facts, "sha256": each.sha256}
        for each in issuance.evidence.order_by("pk")
    ]
    yield "making/gate.json", written(gate)


def _issuance(issuance: Issuance) -> dict[str, Any]:
    return {
        "id": str(issuance.pk),
        "role": issuance.role,
        "key_type": issuance.key_type,
        "desk": issuance.desk.code,
        "card": issuance.card,
        "subject": issuance.subject,
        "email": issuance.email,
        "replaced_serial": issuance.replaced_serial,
        "renews": {"serial": issuance.renews_serial, "issuer": issuance.renews_issuer},
        "started_by": _name(issuance.started_by),
        "started_at": issuance.started_at.isoformat(),
        "proven_at": issuance.confirmed_at.isoformat() if issuance.confirmed_at else None,
    }


def _missing(issuance: Issuance) -> bytes:
    """Say what an inspector might look for and will not find."""
    unscanned = [_stem(each) for each in _counting(issuance) if not hasattr(each, "scan")]
    said = f"{_NOT_SCANNED}{', '.join(unscanned)}.\n" if unscanned else ""
    return (_ALWAYS_MISSING + said).encode()


def _name(user: User) -> str:
    return user.get_full_name() or user.get_username()

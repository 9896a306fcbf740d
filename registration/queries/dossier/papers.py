"""The papers of a certificate, their signatures and their wordings, as files of its bundle."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q

from archive import store
from archive.models import RecordFile
from registration.models import Application, Issuance, Paper, PaperVersion, Signature
from registration.queries import papers
from registration.queries import wording as texts
from registration.queries.dossier.writing import Files, name_of, written


def files(issuance: Issuance) -> Files:
    """Yield each paper in every edition, the pictures of its signatures, the wordings."""
    return _files(counted(issuance), _begun_upon(issuance))


def of_case(case: Application) -> Files:
    """Yield the same of the papers that count in a case."""
    return _files(papers.kept(case), [])


def _files(counting: list[Paper], begun_upon: list[int]) -> Files:
    told = []
    for paper in counting:
        editions = dict(_editions(paper))
        yield from ((path, store.get(sha256)) for path, sha256 in editions.items())
        told.append(_paper(paper, editions))
    signatures = []
    for signature in _signatures(counting, begun_upon):
        cut = signature.mark.cut if hasattr(signature, "mark") else ""
        path = f"papers/signature-{signature.pk}.png" if cut else ""
        if path:
            yield path, store.get(cut)
        signatures.append(_signature(signature, path))
    yield "papers.json", written({"papers": told, "signatures": signatures})
    for kind, version in sorted({(each.kind, each.version) for each in counting}):
        yield f"wording/{kind}-{version}.json", written(_wording(kind, version))


def counted(issuance: Issuance) -> list[Paper]:
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


def _editions(paper: Paper) -> Iterator[tuple[str, str]]:
    """Yield (path, SHA-256) of a paper as printed, as scanned, as sealed."""
    stem = f"papers/{name(paper)}"
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


def name(paper: Paper) -> str:
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
        "printed_by": name_of(paper.packet.printed_by),
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
        "recorded_by": name_of(signature.recorded_by),
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
        "approved_by": name_of(row.approved_by) if row.approved_by else "",
        "blocks": [vars(block) for block in version.blocks],
    }

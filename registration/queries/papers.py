"""Which papers count now, and which signatures they still lack."""

from dataclasses import dataclass

from archive.models import RecordFile
from registration.models import Application, Packet, Paper, Signature
from registration.workflow.states import State


@dataclass(frozen=True)
class Missing:
    """A signature that a copy needs and does not have; `role` as in `Signature.Role`."""

    paper: Paper
    role: str


def current(application: Application) -> list[Paper]:
    """Return the papers that count, of whichever print run, in the order of signing.

    While a case is in draft none does: its data may have been corrected.
    """
    return [] if application.state == State.DRAFT else kept(application)


def kept(application: Application) -> list[Paper]:
    """Return the papers that no other one took the place of."""
    return list(application.papers.filter(superseded_at=None).order_by("position"))


def address(paper: Paper, edition: str = RecordFile.Edition.PRINTED) -> str:
    """Return where a paper of a case that was dropped lies, as its record names it."""
    reference = paper.application.record_reference
    filed = RecordFile.objects.filter(record__reference=reference, edition=edition)
    found = filed.filter(kind=paper.kind, copy=paper.copy).values_list("sha256", flat=True)
    return found.first() or ""


def last_packet(application: Application) -> Packet | None:
    return application.packets.last()


def missing_signatures(application: Application) -> tuple[Missing, ...]:
    """Return every signature that the papers' versions expect and nobody recorded.

    The receipt is not among them: it is signed at the hand-over.
    """
    papers = [each for each in current(application) if each.kind != Paper.Kind.RECEIPT]
    recorded = Signature.objects.filter(paper__in=papers, withdrawn_at=None)
    present = set(recorded.values_list("paper_id", "role"))
    return tuple(
        Missing(paper, role)
        for paper in papers
        for role in paper.expected
        if (paper.pk, role) not in present
    )


def any_signed(application: Application) -> bool:
    """Tell whether any paper of any print run was ever signed and not unticked."""
    signatures = Signature.objects.filter(paper__application=application)
    return signatures.filter(withdrawn_at=None).exists()

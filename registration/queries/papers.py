"""Which papers count now, and which signatures they still lack."""

from dataclasses import dataclass

from registration.models import Application, Packet, Paper, Signature


@dataclass(frozen=True)
class Missing:
    """A signature that a copy needs and does not have; `role` as in `Signature.Role`."""

    paper: Paper
    role: str


def current_packet(application: Application) -> Packet | None:
    """Return the print run that counts; earlier ones are superseded."""
    return application.packets.filter(superseded_at=None).first()


def current_papers(application: Application) -> list[Paper]:
    packet = current_packet(application)
    return list(packet.papers.order_by("position")) if packet else []


def missing_signatures(application: Application) -> tuple[Missing, ...]:
    """Return every signature that the papers' versions expect and nobody recorded."""
    papers = current_papers(application)
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
    signatures = Signature.objects.filter(paper__packet__application=application)
    return signatures.filter(withdrawn_at=None).exists()

"""What is wrong with this card? Looks from reader to certificate; changes nothing, costs no try."""

from cardops.diagnose.examination import Surroundings, examine
from cardops.diagnose.findings import CertificateSeen, Code, Diagnosis, Finding, Seen

__all__ = [
    "CertificateSeen",
    "Code",
    "Diagnosis",
    "Finding",
    "Seen",
    "Surroundings",
    "examine",
]

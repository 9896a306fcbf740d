"""A page that came out of the scanner, and what an officer says of it."""

import numpy as np
from django.utils import timezone

from registration.models import Office, Page, Sheet, User
from registration.services.confirmations import Word
from tests.intake import files
from tests.scans import copier


def came(rng: np.random.Generator, page: Page, office: Office, **how: object) -> Sheet:
    """Return the sheet of one page that was filled and scanned alone."""
    picture = copier.scanned(rng, copier.filled(rng, page, **how))
    return copier.take_in(files.pdf([picture]), office).sheets.get()


def word(by: User, sheet: Sheet, **said: str) -> Word:
    """Say what the machine says, except where `said` names another answer (by role or kind)."""
    answers = {mark.pk: said.get(mark.name or mark.kind, mark.answer) for mark in sheet.marks.all()}
    return Word(answers, timezone.localdate(), "Beograd", by)

"""Obrazac 2 out of the scanner: named by its code, its circle read, its signatures evidence."""

import numpy as np
import pytest

from registration import errors
from registration.models import Application, Desk, Office, User
from registration.services import confirmations
from tests.pages import counter
from tests.registration import unblocking
from tests.scans import copier
from tests.scans.deciding import came, word


def test_a_scanned_form_2_signs_its_case(officer: User, desk: Desk, office: Office) -> None:
    case = counter.printed(officer, desk, **unblocking.asked("change"))
    page = copier.pages(case)[0]
    sheet = came(np.random.default_rng(12), page, office, option="2")
    assert (sheet.page, sheet.marks.get(kind="option").answer) == (page, "2")
    with pytest.raises(errors.OptionError):
        confirmations.confirm(page.paper, [sheet.pk], word(officer, sheet, option="1"))
    confirmations.confirm(page.paper, [sheet.pk], word(officer, sheet))
    assert Application.objects.get(pk=case.pk).state == "signed"

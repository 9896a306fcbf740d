"""Obrazac 3 out of the scanner: named by its code, its circle read, its signatures evidence."""

import numpy as np
import pytest

from registration import errors
from registration.models import Application, Desk, Office, User
from registration.services import confirmations, packets
from tests.registration import status
from tests.scans import copier
from tests.scans.deciding import came, word


def test_a_scanned_form_3_signs_its_case(officer: User, desk: Desk, office: Office) -> None:
    case = status.opened(status.filed(officer, desk), officer, "suspend")
    packets.print_packet(case, by=officer)
    page = copier.pages(case)[0]
    sheet = came(np.random.default_rng(12), page, office, option="2")
    assert (sheet.page, sheet.marks.get(kind="option").answer) == (page, "2")
    with pytest.raises(errors.OptionError):
        confirmations.confirm(page.paper, [sheet.pk], word(officer, sheet, option="3"))
    confirmations.confirm(page.paper, [sheet.pk], word(officer, sheet))
    assert Application.objects.get(pk=case.pk).state == "signed"

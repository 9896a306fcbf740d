"""The officer's pages of scans."""

import numpy as np
import pytest
from django.test import Client

from registration.models import Application, Office, PaperScan, Signature, Stack
from registration.services import paper_scans
from tests.pages.page import Page as Shown
from tests.scans import copier


@pytest.fixture
def stack(case: Application, office: Office) -> Stack:
    """Return a stack of one case, all of it signed."""
    rng = np.random.default_rng(5)
    sheets = [copier.filled(rng, page) for page in copier.pages(case)]
    return copier.take_in(copier.pdf(rng, sheets), office)


def test_each_paper_is_confirmed_as_the_machine_proposes(
    case: Application, stack: Stack, client: Client
) -> None:
    page = Shown(client.get(f"/scans/{stack.pk}/confirm/", follow=True))
    for _paper in range(5):
        page = send(client, page)
    stack.refresh_from_db()
    case.refresh_from_db()
    assert (stack.state, case.state) == ("closed", "signed")
    assert Signature.objects.filter(mark=None).count() == 0
    for paper in case.papers.all():
        paper_scans.keep(paper.pk)
    assert PaperScan.objects.count() == 5


def send(client: Client, page: Shown) -> Shown:
    """Press the button of the page's form with what is chosen in it."""
    fields = page.all("//form[@id='confirmation']//input[@type != 'radio' or @checked]")
    typed: dict[str, list[str]] = {}
    for field in fields:
        typed.setdefault(field.get("name"), []).append(field.get("value", ""))
    return Shown.post(client, page.path, **typed)

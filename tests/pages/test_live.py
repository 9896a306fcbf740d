"""The page of a case while something is under way."""

from django.test import Client

from registration.models import Application, Desk, User
from tests.pages.page import Page
from tests.registration import making


def test_a_case_read_before_its_issuance_ended_is_asked_for_anew(
    client: Client, officer: User, desk: Desk
) -> None:
    case = making.confirmed(officer, desk).application
    assert Page.get(client, f"/cases/{case.number}/").all("//*[@id='polling']") == []
    Application.objects.filter(pk=case.pk).update(state="issuing")  # as it was a moment before
    Page.get(client, f"/cases/{case.number}/").one("//*[@id='polling']")

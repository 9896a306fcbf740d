"""What the walk's two offices do not show: accounts above an administrator, managers of all."""

import pytest
from django.test import Client
from django.urls import reverse

from registration import errors
from registration.models import Certificate, Desk, Issuance, Office, PaperVersion, User
from registration.services import issuances, revocations, wording
from registration.workflow.states import Role
from tests.pages import counter
from tests.pages.conftest import desk, office, officer, sentences
from tests.people import employee, logged_in, person
from tests.permissions import addresses
from tests.registration import making

__all__ = ["desk", "office", "officer", "sentences"]


@pytest.fixture
def zemun(db: None) -> Office:
    other = counter.office("072", "Zemun")
    Desk.objects.create(code="desk-2", name="Desk 2", office=other, public_keys={})
    return other


def staff(role: Role, office: Office | None) -> Client:
    return logged_in(employee(role.value, office, role.value))


def test_an_administrator_does_not_take_over_a_superuser(office: Office) -> None:
    above = User.objects.create_superuser("root", password="not-a-secret")
    administrator = staff(Role.ADMINISTRATOR, office)
    password = reverse("admin:auth_user_password_change", args=[above.pk])
    typed = {"password1": "quite another 1", "password2": "quite another 1"}
    assert administrator.post(password, typed).status_code == 403
    change = reverse("admin:registration_user_change", args=[above.pk])
    assert administrator.post(change, {"username": "mine"}).status_code == 403
    above.refresh_from_db()
    assert (above.username, above.check_password("not-a-secret")) == ("root", True)


def test_what_a_role_may_has_no_page() -> None:
    assert [each.name for each in addresses.every() if "auth_group" in each.name] == []


def test_a_manager_sees_the_own_office_and_one_of_none_sees_all(
    office: Office, desk: Desk, zemun: Office
) -> None:
    address = reverse("admin:registration_desk_changelist")
    for place, seen in ((office, (True, False)), (None, (True, True))):
        listed = staff(Role.MANAGER, place).get(address).content.decode()
        assert ("desk-1" in listed, "desk-2" in listed) == seen
        User.objects.filter(username=Role.MANAGER.value).delete()


def test_a_making_that_went_on_already_is_not_resumed(officer: User, desk: Desk) -> None:
    """Two clicks on one button: the second gets a sentence."""
    issuance = making.confirmed(officer, desk)
    with pytest.raises(errors.NotNowError):
        issuances.resume(issuance, by=officer)


def test_only_an_officer_ends_or_resumes_a_making(officer: User, desk: Desk) -> None:
    """Refused before the certification body is asked: it cannot take a revocation back."""
    issuance = making.confirmed(officer, desk)
    clerk = person("ruza", officer.office, "view_application")
    for act in (
        lambda: revocations.recall(issuance.application, "a fault", by=clerk),
        lambda: revocations.give_up(issuance.application, "a fault", by=clerk),
        lambda: issuances.resume(issuance, by=clerk),
    ):
        with pytest.raises(errors.NotAllowedError):
            act()
    assert Certificate.objects.get(issuance=issuance).revoked_at is None
    assert Issuance.objects.get(pk=issuance.pk).stage == issuance.stage


@pytest.mark.parametrize("step", ["approve", "give_back"])
def test_a_manager_decides_upon_a_wording_that_an_administrator_proposed(
    office: Office, officer: User, step: str
) -> None:
    version = wording.begin("terms", by=officer)
    wording.propose(version, by=officer)
    address = reverse("admin:wording_step", args=[version.pk, step])
    assert staff(Role.MANAGER, office).post(address).status_code == 302
    version.refresh_from_db()
    states = {"approve": PaperVersion.State.APPROVED, "give_back": PaperVersion.State.DRAFT}
    assert version.state == states[step]


def test_what_is_approved_is_not_written_on(office: Office) -> None:
    version = PaperVersion.objects.get(kind="terms")
    address = reverse("admin:registration_paperversion_change", args=[version.pk])
    administrator = staff(Role.ADMINISTRATOR, office)
    assert administrator.get(address).status_code == 200
    assert administrator.post(address, {"name": "Друго"}).status_code == 403

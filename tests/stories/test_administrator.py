"""The administrator's day: an office, a person with a role, a desk that is switched off."""

import pytest
from django.contrib.auth.models import Group
from pytest_django.live_server_helper import LiveServer

from registration.models import Desk, Office, PaperVersion, User
from tests.stories import chromium, filed, people
from tests.stories.chromium import Browser

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", people.TOLD_IN)
def test_an_administrator_opens_an_office(live_server: LiveServer, language: str) -> None:
    filed.place()
    with chromium.browser() as administrator:
        people.log_in(administrator, live_server.url, "administrator", language)
        administrator.shot("administration-first")
        open_an_office(administrator, live_server.url)
        employ_somebody(administrator, live_server.url)
        switch_a_desk_off(administrator, live_server.url)
        write_a_wording(administrator, live_server.url)
        assert administrator.fetch(f"{live_server.url}/archive/")[0] == 403
    with chromium.browser() as manager:
        people.log_in(manager, live_server.url, "manager", language)
        approve(manager, live_server.url)


def open_an_office(administrator: Browser, address: str) -> None:
    administrator.open(f"{address}/admin/registration/office/add/")
    for name, text in (("code", "072"), ("name", "ПС Земун"), ("place", "Земун")):
        administrator.write(name, text)
    administrator.write("address", "Главна 1, Земун")
    administrator.shot("office-new")
    administrator.follow('[name="_save"]')
    assert Office.objects.filter(code="072").exists()
    administrator.shot("offices")


def employ_somebody(administrator: Browser, address: str) -> None:
    administrator.open(f"{address}/admin/registration/user/add/")
    administrator.write("username", "ivana")
    administrator.pick("office", str(Office.objects.get(code="072")))
    administrator.write("first_name", "Ивана")
    administrator.write("last_name", "Илић")
    administrator.choose("groups", str(Group.objects.get(name="manager").pk))
    administrator.write("password1", people.PASSWORD)
    administrator.write("password2", people.PASSWORD)
    administrator.shot("user-new")
    administrator.follow('[name="_save"]')
    administrator.shot("user")
    made = User.objects.get(username="ivana")
    assert (made.last_name, made.is_staff, made.is_superuser) == ("Илић", True, False)
    administrator.open(f"{address}/admin/registration/user/")
    administrator.shot("users")


def switch_a_desk_off(administrator: Browser, address: str) -> None:
    administrator.open(f"{address}/admin/registration/desk/")
    administrator.shot("desks")
    administrator.follow("#result_list tbody th a")
    administrator.click('[name="active"]')
    administrator.shot("desk")
    administrator.follow('[name="_save"]')
    assert not Desk.objects.get().active


def write_a_wording(administrator: Browser, address: str) -> None:
    administrator.open(f"{address}/admin/registration/paperversion/")
    administrator.do("begin-open")
    administrator.shot("wordings")
    administrator.leave("begin-request")
    administrator.write("blocks-1-text", "Изјављујем да је све тачно ({закон}).")
    administrator.follow('[name="_continue"]')
    assert "{law.trust}" in administrator.see(".errorlist").text
    administrator.write("blocks-1-text", "Изјављујем да је све тачно ({law.trust}).")
    administrator.follow('[name="_continue"]')
    administrator.shot("wording")
    for script in ("Cyrl", "Latn"):
        preview = administrator.link(f"preview-{script}")
        assert administrator.fetch(preview)[:2] == (200, "application/pdf")
    administrator.leave("propose")
    assert PaperVersion.objects.get(kind="request", code="002").state == "proposed"


def approve(manager: Browser, address: str) -> None:
    version = PaperVersion.objects.get(kind="request", code="002")
    manager.open(f"{address}/admin/registration/paperversion/{version.pk}/change/")
    manager.shot("wording-proposed")
    manager.leave("approve")
    version.refresh_from_db()
    assert (version.state, version.approved_by.username) == ("approved", "manager")

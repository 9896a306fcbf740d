"""The archive clerk's day: a file is asked for, found, read, and its reader is on record."""

from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer
from selenium.webdriver.common.keys import Keys

from archive.models import AuditEvent
from tests.stories import chromium, filed, people
from tests.stories.chromium import Browser
from tests.stories.office import wait_for

pytestmark = pytest.mark.browser

MILICA = filed.MILICA


@pytest.mark.parametrize("language", people.TOLD_IN)
def test_a_clerk_finds_a_file_and_shows_a_number(
    live_server: LiveServer, language: str, tmp_path: Path
) -> None:
    filed.office()
    with chromium.browser() as clerk:
        people.log_in(clerk, live_server.url, "clerk", language)
        clerk.shot("archive-first")
        find_by_every_means(clerk)
        read_the_file(clerk)
        show_the_number(clerk)
        take_the_evidence(clerk, tmp_path)
        see_nothing_of_the_counter(clerk, live_server.url)


def find_by_every_means(clerk: Browser) -> None:
    for words in ("djordjevic mil", "Милица Ђорђевић", "ĐORĐEVIĆ", MILICA.jmbg):
        clerk.write("box", words)
        clerk.leave("search")
        assert [row.text for row in clerk.all("tr[data-record] a")] == ["Ђорђевић Милица"], words
        assert MILICA.jmbg not in clerk.see("#results").text
    clerk.shot("archive-found")
    clerk.write("box", "nikolić")
    clerk.leave("search")
    assert clerk.all("tr[data-record]") == []
    clerk.shot("archive-nothing")


def read_the_file(clerk: Browser) -> None:
    clerk.write("box", "đorđević")
    clerk.leave("search")
    clerk.follow("tr[data-record] a")
    papers = clerk.all("tr[data-paper] a[data-open]")
    assert len(papers) == 5
    status, kind, size = clerk.fetch(papers[0].get_attribute("href"))
    assert (status, kind) == (200, "application/pdf")
    assert size > 10_000
    assert AuditEvent.objects.filter(stream="views.071", facts__what="file").count() == 1
    clerk.shot("record-of-a-refusal")
    leaf_through_a_paper(clerk)


def leaf_through_a_paper(clerk: Browser) -> None:
    """In the page, by keys; each page that is looked at is on record."""
    clerk.click('[data-view="terms-1"]')
    shown = clerk.see("#viewer img")
    wait_for(lambda: shown.get_property("naturalWidth") > 1000)
    assert clerk.see("[data-viewer]").get_attribute("data-page") == "1"
    clerk.shot("record-paper")
    clerk.press(Keys.ARROW_RIGHT)
    clerk.see('[data-page="2"] img')
    clerk.press(Keys.ARROW_LEFT)
    clerk.see('[data-page="1"] img')
    clerk.press(Keys.ESCAPE)
    wait_for(lambda: not clerk.all("#viewer"))
    looks = AuditEvent.objects.filter(stream="views.071", facts__page__in=(1, 2))
    wait_for(lambda: {each.facts["page"] for each in looks.all()} == {1, 2})


def show_the_number(clerk: Browser) -> None:
    assert MILICA.jmbg not in clerk.see("#person").text
    clerk.do("reveal-open")
    clerk.leave("reveal")
    assert clerk.see("#person .invalid-feedback").text
    clerk.write("reason", "Захтев суда 12/26")
    clerk.leave("reveal")
    assert clerk.see("#jmbg").text == MILICA.jmbg
    clerk.shot("record-revealed")
    told = AuditEvent.objects.get(facts__reason="Захтев суда 12/26")
    assert told.actor


def take_the_evidence(clerk: Browser, folder: Path) -> None:
    """Of a certificate that was issued; without a reason nothing comes."""
    clerk.follow('a[href="/archive/"]')
    clerk.write("box", "petrović")
    clerk.leave("search")
    clerk.follow("tr[data-record] a")
    clerk.leave("evidence")
    clerk.shot("evidence")
    clerk.leave("take-evidence")
    assert clerk.see(".invalid-feedback").text
    clerk.write("reason", "Инспекција 7/26")
    clerk.download_to(folder)
    clerk.do("take-evidence")
    wait_for(lambda: list(folder.glob("evidence-*.zip")))
    assert AuditEvent.objects.get(event="evidence.take").actor == "clerk"


def see_nothing_of_the_counter(clerk: Browser, address: str) -> None:
    for path in ("/cases/", "/admin/reports/"):
        assert clerk.fetch(f"{address}{path}")[0] == 403, path
    clerk.open(f"{address}/cases/")
    clerk.shot("refused")

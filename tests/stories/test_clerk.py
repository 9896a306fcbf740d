"""The archive clerk's day: a file is asked for, found, read, and its reader is on record."""

from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer
from selenium.webdriver.common.keys import Keys

from archive.models import AuditEvent, Export
from archive.services.moving import orders
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
        narrow_and_keep_a_search(clerk)
        be_put_right(clerk)
        read_the_file(clerk)
        show_the_number(clerk)
        take_the_evidence(clerk, tmp_path)
        take_records_out(clerk, tmp_path)
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


def narrow_and_keep_a_search(clerk: Browser) -> None:
    clerk.do("fields")
    clerk.write("officer", "službenik")
    clerk.write("decided_from", "1.1.2026.")
    clerk.shot("archive-fields")
    clerk.write("box", "")
    clerk.leave("search")
    assert len(clerk.all("tr[data-record]")) == 3
    assert len(clerk.all("#chips .overa-chip")) == 2
    clerk.do("save-open")
    clerk.write("called", "Овогодишњи")
    clerk.leave("save")
    clerk.follow('[name="without"][value="officer"]')
    assert len(clerk.all("#chips .overa-chip")) == 1
    clerk.click("#saved summary")
    clerk.shot("archive-kept")
    clerk.follow("#saved [data-action^=run]")
    assert len(clerk.all("#chips .overa-chip")) == 2


def be_put_right(clerk: Browser) -> None:
    clerk.click("#results #total a")
    clerk.write("box", "djordjevci milica")
    clerk.leave("search")
    clerk.shot("archive-similar")
    clerk.follow("[data-meant]")
    assert [row.text for row in clerk.all("tr[data-record] a")] == ["Ђорђевић Милица"]


def read_the_file(clerk: Browser) -> None:
    clerk.write("box", "đorđević")
    clerk.leave("search")
    hits = clerk.chrome.current_url
    assert "?s=" in hits
    clerk.chrome.refresh()
    clerk.follow("tr[data-record] a")
    clerk.chrome.back()
    clerk.until(lambda: clerk.chrome.current_url == hits)
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


def take_records_out(clerk: Browser, folder: Path) -> None:
    """What a search found, as one file; the test is the worker, if no other is quicker."""
    clerk.follow('a[href="/archive/"]')
    clerk.write("box", "đorđević")
    clerk.leave("search")
    clerk.leave("take-out")
    clerk.leave("export")
    assert clerk.see(".invalid-feedback").text
    clerk.write("reason", "Захтев суда 12/26")
    clerk.leave("export")
    (row,) = clerk.all("tr[data-state]")
    assert row.get_attribute("data-state") in {"waiting", "done"}
    orders.perform(str(Export.objects.get().pk))
    wait_for(lambda: Export.objects.get().state == Export.State.DONE)
    clerk.follow('a[href="/archive/"]')
    clerk.follow('a[href="/archive/exports/"]')
    clerk.shot("taken-out")
    clerk.do("fetch")
    wait_for(lambda: list(folder.glob("overa-*.zip")))
    clerk.leave("delete")
    assert clerk.all('tr[data-state="deleted"]')


def see_nothing_of_the_counter(clerk: Browser, address: str) -> None:
    for path in ("/cases/", "/admin/reports/"):
        assert clerk.fetch(f"{address}{path}")[0] == 403, path
    clerk.open(f"{address}/cases/")
    clerk.shot("refused")

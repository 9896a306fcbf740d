"""The pages in three languages: chosen in the browser, Cyrillic where nobody chose."""

import re

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import translation

from config.settings import base
from registration.models import Application, Desk, User
from tests.pages import counter
from tests.people import logged_in

HEADINGS = {"sr": "Предмети", "sr-latn": "Predmeti", "en": "Cases"}


@pytest.fixture(autouse=True)
def all_languages(english: None, settings: LazySettings) -> None:
    settings.LANGUAGE_CODE, settings.LANGUAGES = base.LANGUAGE_CODE, base.LANGUAGES
    translation.deactivate()


def heading(client: Client) -> str:
    page = client.get("/cases/", headers={"accept-language": "en-GB,de;q=0.9"}).content.decode()
    return next(text for text in HEADINGS.values() if re.search(f"<h1[^>]*>{text}</h1>", page))


def test_a_browser_that_never_chose_reads_cyrillic(client: Client) -> None:
    assert heading(client) == HEADINGS["sr"]


@pytest.mark.parametrize("code", HEADINGS)
def test_the_choice_stays_in_the_browser_through_login_and_out(client: Client, code: str) -> None:
    answer = client.post("/language/", {"language": code, "next": "/cases/"})
    assert answer["location"] == "/cases/"
    assert heading(client) == HEADINGS[code]
    client.post("/logout/")
    assert f'<html lang="{code}"' in client.get("/login/").content.decode()


def test_who_is_not_logged_in_chooses_too(db: None) -> None:
    visitor = Client()
    visitor.post("/language/", {"language": "en", "next": "/login/"})
    assert '<html lang="en"' in visitor.get("/login/").content.decode()


def test_a_language_that_is_not_offered_changes_nothing(client: Client) -> None:
    client.post("/language/", {"language": "de", "next": "/cases/"})
    assert heading(client) == HEADINGS["sr"]


def test_nobody_is_sent_to_another_site(client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "https://example.com/"})
    assert answer["location"] == "/"


@pytest.mark.parametrize("script", ["Cyrl", "Latn"])
def test_the_script_that_the_citizen_chose_is_kept(officer: User, desk: Desk, script: str) -> None:
    answer = logged_in(officer).post("/cases/new/", counter.TYPED | {"script": script})
    assert answer.status_code == 302
    assert Application.objects.get().script == script

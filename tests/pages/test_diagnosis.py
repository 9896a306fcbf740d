"""The page "What is wrong with this card?", and the help for the citizen's own computer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone, translation

from cardops.diagnose import CertificateSeen, Code, Diagnosis, Finding, Seen
from config.settings import base
from registration.models import Application, CardDiagnosis, CardReading, Desk, User
from registration.rules.symptoms import SYMPTOMS
from tests.pages import counter
from tests.pages.page import Page

EXPIRED = Finding(Code.EXPIRED, {"on": "2020-05-05", "roles": ["signing"]})
CERTIFICATE = CertificateSeen(
    "signing",
    "ab12",
    "C=RS",
    "Issuing CA",
    datetime(2015, 5, 5, tzinfo=UTC),
    datetime(2020, 5, 5, tzinfo=UTC),
)


def examined(officer: User, desk: Desk, *findings: Finding, **more: Any) -> CardDiagnosis:
    """Return an examination as it lies in the database when the desk has answered."""
    seen = Seen(("Reader A",), "Reader A", document_number="••••••543", certificates=(CERTIFICATE,))
    return CardDiagnosis.objects.create(
        desk=desk,
        asked_by=officer,
        answered_at=timezone.now(),
        found=Diagnosis(findings, seen).to_json(),
        **more,
    )


def look(client: Client, asked: CardDiagnosis) -> Page:
    return Page.get(client, f"/diagnosis/{asked.pk}/")


def test_the_officer_asks_and_the_page_waits_for_the_desk(client: Client, desk: Desk) -> None:
    page = Page.get(client, "/diagnosis/")
    assert page.next_action() == "examine"
    page = Page.post(client, "/diagnosis/", desk=desk.code)
    asked = CardDiagnosis.objects.get()
    assert page.one("//div[@id='diagnosis']").get("data-diagnosis") == "waiting"
    assert client.get(f"/diagnosis/{asked.pk}/live/").status_code == 204


def test_a_silent_desk_is_a_finding(client: Client, desk: Desk) -> None:
    Desk.objects.update(seen_at=timezone.now() - timedelta(minutes=1))
    page = Page.post(client, "/diagnosis/", desk=desk.code)
    assert page.text("//li[@data-finding='desk-silent']/p[1]") == "The desk does not answer."


def test_an_expired_certificate_leads_to_a_new_case(
    client: Client, officer: User, desk: Desk
) -> None:
    page = look(client, examined(officer, desk, EXPIRED))
    said = page.texts("//li[@data-finding='certificate-expired']/p")
    assert said == [
        "The certificate for signing expired on 05.05.2020.",
        "The holder asks for a new one with Obrazac 1.",
    ]
    assert page.texts("//tr[@data-certificate]/td")[:3] == [
        "signing",
        "05.05.2015. – 05.05.2020.",
        "Issuing CA",
    ]
    form = page.one("//form[.//*[@data-action='lead-new-case']]")
    page = Page.post(client, form.get("action"), desk=desk.code)
    reading = CardReading.objects.get()
    assert (page.path, page.one("//*[@data-reading]").get("data-reading")) == (
        "/cases/new/",
        "waiting",
    )
    CardReading.objects.update(result=CardReading.Result.READ, card=counter.CARD)
    page = Page.get(client, f"/cases/new/?reading={reading.pk}")
    assert (page.value("surname"), page.value("reading")) == ("ПЕТРОВИЋ", str(reading.pk))
    CardReading.objects.update(result=CardReading.Result.FAILED, card=None, failure_code="no-card")
    page = Page.get(client, f"/cases/new/?reading={reading.pk}")
    assert page.text("//*[@data-reading='failed']").startswith("There is no card")


def test_a_card_that_is_in_order(client: Client, officer: User, desk: Desk) -> None:
    page = look(client, examined(officer, desk, Finding(Code.VIRTUAL_READER, {"readers": ["X"]})))
    assert page.text("//*[@data-nothing]").endswith("without a PIN is in order.")
    assert page.one("//li[@data-finding]").get("data-note") == "yes"


def test_a_blocked_pin_leads_to_the_other_form(client: Client, officer: User, desk: Desk) -> None:
    page = look(client, examined(officer, desk, Finding(Code.PIN_BLOCKED, {})))
    assert "Obrazac 2" in page.text("//li[@data-finding='pin-blocked']/p[2]")
    assert page.all("//*[@data-action='lead-new-case']") == []


def test_from_a_case_and_back(client: Client, officer: User, desk: Desk) -> None:
    case = counter.opened(officer, desk)
    page = Page.get(client, f"/cases/{case.number}/")
    address = page.one("//*[@data-action='diagnosis']").get("href")
    assert Page.get(client, address).value("case") == case.number
    Page.post(client, "/diagnosis/", desk=desk.code, case=case.number)
    assert CardDiagnosis.objects.get().application == Application.objects.get()
    page = look(client, examined(officer, desk, EXPIRED, application=case))
    assert page.all("//*[@data-action='lead-new-case']") == []
    assert page.one("//*[@data-action='lead-case']").get("href") == f"/cases/{case.number}/"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("sr", "Сертификат за потписивање је истекао 05.05.2020."),
        ("sr-latn", "Sertifikat za potpisivanje je istekao 05.05.2020."),
    ],
)
def test_findings_speak_the_language_of_the_page(
    client: Client, officer: User, desk: Desk, settings: LazySettings, language: str, said: str
) -> None:
    settings.LANGUAGE_CODE, settings.LANGUAGES = base.LANGUAGE_CODE, base.LANGUAGES
    translation.deactivate()
    client.post("/language/", {"language": language})
    page = look(client, examined(officer, desk, EXPIRED))
    assert page.text("//li[@data-finding]/p[1]") == said


def test_everybody_reads_the_help_and_takes_the_leaflet(db: None) -> None:
    visitor = Client()
    page = Page.get(visitor, "/help/computer/")
    causes = [cause for symptom in SYMPTOMS for cause in symptom.causes]
    assert [row.get("data-cause") for row in page.all("//tr[@data-cause]")] == [
        cause.code for cause in causes
    ]
    for link in page.all("//*[starts-with(@data-action, 'leaflet-')]"):
        answer = visitor.get(link.get("href"))
        assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert visitor.get("/help/computer-de.pdf").status_code == 404

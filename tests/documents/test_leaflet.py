"""The leaflet for the citizen's own computer: one page that says all of the table."""

import io

import pytest
from django.test import Client
from django.utils import translation
from pypdf import PdfReader

from registration.rules.symptoms import SYMPTOMS


@pytest.mark.parametrize("language", ["sr", "sr-latn", "en"])
def test_one_page_says_every_cause_and_its_remedy(language: str) -> None:
    answer = Client().get(f"/help/computer-{language}.pdf")
    (page,) = PdfReader(io.BytesIO(answer.content)).pages
    printed = "".join(page.extract_text().split())
    with translation.override(language):
        wanted = [
            translation.gettext(sentence)
            for symptom in SYMPTOMS
            for cause in symptom.causes
            for sentence in (symptom.title, cause.cause, cause.remedy)
        ]
    assert [text for text in wanted if "".join(text.split()) not in printed] == []

"""Help for the citizen's own computer: a page, and a leaflet to take home; open to everybody."""

from functools import lru_cache

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from archive import printing
from archive.views import streaming
from registration.documents import papers
from registration.rules.scripts import Script
from registration.rules.symptoms import SYMPTOMS

# How a leaflet's language is written where fonts are chosen.
_TAGS = {"sr": "sr-Cyrl", "sr-latn": "sr-Latn", "en": "en"}


@require_safe
@login_not_required
def computer(request: HttpRequest) -> HttpResponse:
    return render(request, "registration/help/computer.html", {"symptoms": SYMPTOMS})


@require_safe
@login_not_required
@cache_control(max_age=3600, public=True)
def leaflet(request: HttpRequest, language: str) -> HttpResponse:  # noqa: ARG001
    """Return one A4 page in the language that the address names, as PDF."""
    if language not in _TAGS:
        raise Http404
    return streaming.whole(_leaflet(language), f"computer-{language}.pdf")


@lru_cache(maxsize=len(_TAGS))
def _leaflet(language: str) -> bytes:
    with translation.override(language):
        shown = {"symptoms": SYMPTOMS, "tag": _TAGS[language], "bodies": _bodies(language)}
        return printing.accessible(render_to_string("registration/help/leaflet.html", shown))


def _bodies(language: str) -> dict[str, str]:
    """Return who the office is, in the script of the language."""
    script = Script.CYRILLIC if language == "sr" else Script.LATIN
    return {name: script.spell(text) for name, text in papers.constants()["bodies"].items()}

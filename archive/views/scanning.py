"""Scan fields: what was scanned, and where it leads."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from archive import codes, masking
from archive.models import Record
from archive.queries import places
from archive.queries.places import Thing
from archive.views import access

_SHOWN = 40  # characters of what was read


@never_cache
@access.may_keep
@require_POST
def scan(request: HttpRequest) -> HttpResponse:
    """Lead to the record or the place whose code was scanned."""
    thing = read(request)
    return redirect(address(thing) if thing else "archive:places")


def read(request: HttpRequest) -> Thing | None:
    """Return what the field `code` names; where it names nothing, say so in a sentence."""
    text = request.POST.get("code", "").strip()
    if not text:
        return None
    shown = masking.typed(text[:_SHOWN])
    try:
        thing = places.scanned(text, access.viewer(request))
    except codes.MistypedError:
        sentence = _(
            "“%(text)s” was read wrong. Scan it again, or type what stands below the square."
        )
        messages.error(request, sentence % {"text": shown})
        return None
    if thing is None:
        sentence = _(
            "“%(text)s” is no label of this archive. Scan the square of a folder or a box."
        )
        messages.error(request, sentence % {"text": shown})
    return thing


def led(request: HttpRequest, text: str) -> str | None:
    """Return where a code in the search box leads, None where it is none."""
    try:
        is_code = codes.read(text) or codes.case_of_page(text)
    except codes.MistypedError:
        return None
    thing = places.scanned(text, access.viewer(request)) if is_code else None
    if isinstance(thing, Record) or request.user.has_perm("archive.keep_paper"):
        return address(thing) if thing else None
    return None


def address(thing: Thing) -> str:
    name = "archive:record" if isinstance(thing, Record) else "archive:place"
    return resolve_url(name, thing.pk)

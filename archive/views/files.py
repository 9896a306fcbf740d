"""How the stored files stand: the check of all of them, what it found, what repairs it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from archive.models import FixityFinding, FixityRound
from archive.queries import Viewer
from archive.services.files import fixity, mirroring, repairs
from archive.store import places
from archive.store.errors import PlaceError
from archive.views import access

_LATEST = 20  # findings that ended


@require_safe
@never_cache
@access.may_see_files
def files(request: HttpRequest) -> HttpResponse:
    rounds = list(FixityRound.objects.all()[:2])
    current = rounds[0] if rounds and rounds[0].open else None
    context = {
        "current": current,
        "last": next((each for each in rounds if not each.open), None),
        "findings": FixityFinding.objects.filter(ended_at=None),
        "ended": FixityFinding.objects.exclude(ended_at=None).order_by("-ended_at")[:_LATEST],
        "replica": places.replica() is not None,
        "waiting": mirroring.waiting(),
    }
    return render(request, "archive/files.html", context)


@require_safe
@never_cache
@access.may_see_files
def alert(request: HttpRequest) -> HttpResponse:
    """Say on another page that files wait to be repaired, where any do."""
    waiting = FixityFinding.objects.filter(ended_at=None).exclude(kind=FixityFinding.Kind.EXTRA)
    return render(request, "archive/_files_alert.html", {"broken": waiting.count()})


@require_POST
@never_cache
@access.may_repair
def check(request: HttpRequest) -> HttpResponse:
    fixity.begin(by=access.viewer(request))
    messages.success(request, _("The check of all files has begun."))
    return redirect("archive:files")


@require_POST
@never_cache
@access.may_repair
def repair(request: HttpRequest, finding: int) -> HttpResponse:
    found = get_object_or_404(FixityFinding, pk=finding)
    level, sentence = _repaired(found, access.viewer(request))
    messages.add_message(request, level, sentence)
    return redirect("archive:files")


def _repaired(found: FixityFinding, by: Viewer) -> tuple[int, str]:
    """Repair and return what to say of it."""
    try:
        repairs.repair(found, by=by)
    except repairs.NoSourceError:
        return messages.ERROR, _(
            "There is no whole copy of this file in the other place. The administrator can put it"
            " back from a backup: manage.py files --repair-from FOLDER."
        )
    except PlaceError:
        return messages.ERROR, _(
            "Where the files lie does not answer. Look whether the disk or the server is there,"
            " then try again."
        )
    return messages.SUCCESS, _("The file is whole again.")

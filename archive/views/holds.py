"""Holds: the list with what is due, setting one, confirming it, lifting it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from archive import queries
from archive.forms.holds import ConfirmHoldForm, HoldForm, LiftHoldForm
from archive.models import Hold
from archive.queries import holds as found
from archive.services.disposal import disposal_refusals, holds
from archive.views import access, acting

SHOWN = 200  # lifted ones, and records of one hold

may_see = access.needs("archive.view_hold")


@never_cache
@may_see
@require_GET
def hold_list(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    shown = {
        "due": found.due(today),
        "others": found.in_force().filter(review_on__gt=today),
        "lifted": found.lifted()[:SHOWN],
        "may_hold": request.user.has_perm(holds.ADD),
    }
    return render(request, "archive/holds/list.html", shown)


@never_cache
@access.needs("archive.view_hold", holds.ADD)
@require_http_methods(["GET", "POST"])
def hold_new(request: HttpRequest) -> HttpResponse:
    """Take a hold by POST; its records may be a person's number, which no address carries."""
    form = HoldForm(request.POST or None, initial=_named(request))
    if request.method == "POST" and form.is_valid():
        made = _set(request, form)
        if made:
            return redirect("archive:hold", made.pk)
    return render(request, "archive/holds/new.html", {"form": form})


@never_cache
@may_see
@require_GET
def hold(request: HttpRequest, number: int) -> HttpResponse:
    return _show(request, get_object_or_404(Hold, pk=number), ConfirmHoldForm(), LiftHoldForm())


@never_cache
@may_see
@require_POST
def hold_confirm(request: HttpRequest, number: int) -> HttpResponse:
    row = get_object_or_404(Hold, pk=number)
    form = ConfirmHoldForm(request.POST)
    by = access.person(request)
    if form.is_valid() and acting.went_well(
        request, lambda: holds.confirm(row.pk, **form.cleaned_data, by=by)
    ):
        return redirect("archive:hold", number)
    return _show(request, row, form, LiftHoldForm())


@never_cache
@may_see
@require_POST
def hold_lift(request: HttpRequest, number: int) -> HttpResponse:
    row = get_object_or_404(Hold, pk=number)
    form, by = LiftHoldForm(request.POST), access.person(request)
    if form.is_valid() and acting.went_well(
        request, lambda: holds.lift(row.pk, form.cleaned_data["reason"], by=by)
    ):
        return redirect("archive:hold", number)
    return _show(request, row, ConfirmHoldForm(), form)


def _named(request: HttpRequest) -> dict[str, str]:
    """Name the record from whose page somebody comes."""
    number = request.GET.get("record", "")
    visible = queries.visible_to(access.viewer(request))
    row = visible.filter(pk=number).first() if number.isdecimal() else None
    return {"records": row.file_number} if row else {}


def _set(request: HttpRequest, form: HoldForm) -> Hold | None:
    said, by = form.cleaned_data, access.person(request)
    records, unknown = found.typed(said["records"], queries.visible_to(access.viewer(request)))
    if unknown:
        form.add_error("records", disposal_refusals.UnknownRecordsError(unknown).sentence())
        return None
    when = {"reviewer": said["reviewer"], "review_on": said["review_on"]}
    made: list[Hold] = []

    def act() -> None:
        made.append(holds.hold(records, form.mandate(), **when, by=by))

    done = _("The records are held: nothing of them is destroyed.")
    return made[0] if acting.went_well(request, act, done) else None


def _show(
    request: HttpRequest, row: Hold, confirm: ConfirmHoldForm, lift: LiftHoldForm
) -> HttpResponse:
    may_lift = not row.lifted_at and request.user.has_perm(found.LIFT)
    shown = {
        "hold": row,
        "records": row.records.order_by("file_number")[:SHOWN],
        "count": row.records.count(),
        "reviews": row.reviews.all(),
        "due": not row.lifted_at and row.review_on <= timezone.localdate(),
        "may_lift": may_lift,
        "may_confirm": may_lift and request.user.get_username() == row.reviewer,
        "confirm": confirm,
        "lift": lift,
    }
    return render(request, "archive/holds/hold.html", shown)

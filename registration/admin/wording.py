"""The papers' wording in the administration: begin, write, look at, propose, approve."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from registration.errors import RegistrationError
from registration.forms.wording import BlockForm, VersionForm
from registration.models import Paper, PaperVersion, TextBlock
from registration.rules.scripts import Script
from registration.services import wording
from registration.views import access, answers

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    StackedInline = admin.StackedInline[Any, Any]
    AnyForm = ModelForm[Any]
else:
    ModelAdmin = admin.ModelAdmin
    StackedInline = admin.StackedInline
    AnyForm = ModelForm

_CHANGE, _APPROVE = "registration.change_paperversion", "registration.approve_paperversion"
_STEPS: dict[str, tuple[str, str, Callable[..., None]]] = {  # name → right, state, what it does
    "propose": (_CHANGE, PaperVersion.State.DRAFT, wording.propose),
    "discard": (_CHANGE, PaperVersion.State.DRAFT, wording.discard),
    "approve": (_APPROVE, PaperVersion.State.PROPOSED, wording.approve),
    "give_back": (_APPROVE, PaperVersion.State.PROPOSED, wording.give_back),
}
_TITLES = {
    "propose": gettext_lazy("Propose for approval"),
    "discard": gettext_lazy("Throw the draft away"),
    "approve": gettext_lazy("Approve"),
    "give_back": gettext_lazy("Give back to be corrected"),
}


class BlockInline(StackedInline):
    model = TextBlock
    form = BlockForm
    extra = 0


@admin.register(PaperVersion)
class PaperVersionAdmin(ModelAdmin):
    """A version is written while it is a draft; afterwards it is only looked at."""

    form = VersionForm
    inlines = (BlockInline,)
    list_display = ("kind", "code", "state", "valid_from", "author", "approved_by", "approved_at")
    list_filter = ("kind", "state")
    ordering = ("kind", "-code")
    change_list_template = "registration/wording/list.html"
    change_form_template = "registration/wording/version.html"

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False  # a version begins as a copy of the last one

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        written = obj is None or obj.state == PaperVersion.State.DRAFT
        return written and super().has_change_permission(request, obj)

    def save_related(self, request: HttpRequest, form: AnyForm, *rest: Any) -> None:
        """Let who looks at the audit see that a draft was written on, by whom."""
        super().save_related(request, form, *rest)
        wording.note_edit(form.instance, by=access.officer(request))

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site.admin_view
        return [
            path("begin/<slug:kind>/", site(self.begin), name="wording_begin"),
            path("<int:pk>/preview/<slug:script>/", site(self.preview), name="wording_preview"),
            path("<int:pk>/steps/<slug:step>/", site(self.step), name="wording_step"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        kinds = Paper.Kind.choices if request.user.has_perm(_CHANGE) else []
        return super().changelist_view(request, {"kinds": kinds} | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        version = PaperVersion.objects.filter(pk=object_id).first() if object_id.isdigit() else None
        offered = [
            (name, _TITLES[name])
            for name, (right, state, _act) in _STEPS.items()
            if version and version.state == state and request.user.has_perm(right)
        ]
        extra = {"steps": offered, "scripts": list(Script)} | (extra_context or {})
        return super().change_view(request, object_id, form_url, extra)

    @method_decorator(require_POST)
    def begin(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Begin the next version of a kind, and go on writing it."""
        _require(request, _CHANGE)
        try:
            version = wording.begin(kind, by=access.officer(request))
        except RegistrationError as error:
            messages.error(request, answers.refused(request, error))
            return redirect("admin:registration_paperversion_changelist")
        return redirect("admin:registration_paperversion_change", version.pk)

    @method_decorator(require_safe)
    def preview(self, request: HttpRequest, pk: int, script: str) -> HttpResponse:
        """Show the paper with empty fields, as it would be printed."""
        _require(request, "registration.view_paperversion")
        version = get_object_or_404(PaperVersion, pk=pk)
        if script not in set(Script):
            raise Http404
        try:
            pdf = wording.preview(version, Script(script))
        except RegistrationError as error:
            messages.error(request, answers.refused(request, error))
            return redirect("admin:registration_paperversion_change", pk)
        return HttpResponse(pdf, content_type="application/pdf")

    @method_decorator(require_POST)
    def step(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        if step not in _STEPS:
            raise Http404
        right, _state, act = _STEPS[step]
        _require(request, right)
        version = get_object_or_404(PaperVersion, pk=pk)
        try:
            act(version, by=access.officer(request))
        except RegistrationError as error:
            messages.error(request, answers.refused(request, error))
            return redirect("admin:registration_paperversion_change", pk)
        messages.success(request, _("Done."))
        return redirect("admin:registration_paperversion_changelist")


def _require(request: HttpRequest, right: str) -> None:
    if not request.user.has_perm(right):
        raise PermissionDenied

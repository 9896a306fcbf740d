"""Desks to set up, and cases, issuances, certificates and seals to look at."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from archive.admin import ReadOnlyAdmin
from registration.models import Application, Certificate, Desk, Issuance, Notice, PaperSeal
from registration.queries import body_states, offices, published, seals
from registration.queries.desks import DeskState
from registration.reports import failures
from registration.views import access

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class AtOffice:
    """A column with the number of the row's office: its whole name is in the filter and the row."""

    @admin.display(description=_("office"), ordering="office__code")
    def at_office(self, row: Application | Desk) -> str:
        return row.office.code


class OverseenAdmin(ReadOnlyAdmin):
    """Rows of the viewer's own office, or of all for who belongs to none."""

    office = "office"  # from the row

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        overseen = offices.overseen_by(access.officer(request))
        return super().get_queryset(request).filter(**{f"{self.office}__in": overseen})


@admin.register(Desk)
class DeskAdmin(AtOffice, ModelAdmin):
    """A desk is made by `manage.py desk_enrol`; here it is named, moved and switched off."""

    list_display = ("code", "name", "at_office", "active", "last_word", "reader", "card_present")
    list_filter = ("office", "active")
    list_select_related = ("office",)
    fields = (
        *("code", "name", "office", "active", "print_order", "duplex"),
        *("last_word", "reader", "pin_pad", "card_present", "agent_version"),
        *("all_readers", "faults"),
    )
    readonly_fields = (
        *("code", "last_word", "reader", "pin_pad", "card_present", "agent_version"),
        *("all_readers", "faults"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Desk]:
        every = super().get_queryset(request)
        if self.has_change_permission(request):
            return every
        return every.filter(office__in=offices.overseen_by(access.officer(request)))

    @admin.display(description=_("last seen"), ordering="seen_at")
    def last_word(self, desk: Desk) -> str:
        state = DeskState.of(desk)
        if desk.seen_at is None:
            return gettext("never heard of yet")
        if not state.alive:
            return formats.localize(timezone.localtime(desk.seen_at))
        said = ngettext(
            "heard of %(seconds)s second ago", "heard of %(seconds)s seconds ago", state.seconds
        )
        return said % {"seconds": state.seconds}

    @admin.display(description=_("PIN on the reader's keys"), boolean=True)
    def pin_pad(self, desk: Desk) -> bool | None:
        found = desk.health.get("pin_pad")
        return None if found is None else bool(found)

    @admin.display(description=_("all readers"))
    def all_readers(self, desk: Desk) -> str:
        return ", ".join(desk.health.get("readers", []))

    @admin.display(description=_("to be mended"))
    def faults(self, desk: Desk) -> str:
        return " ".join(DeskState.of(desk).faults)

    def save_model(self, request: HttpRequest, obj: Desk, form: Any, change: bool) -> None:  # noqa: ARG002, FBT001
        """Save what was typed and nothing else: the desk speaks meanwhile."""
        obj.save(update_fields=form.changed_data)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


@admin.register(Application)
class ApplicationAdmin(AtOffice, OverseenAdmin):
    """Where cases stand; who they are about stays on the counter's own pages."""

    list_display = ("number", "procedure", "state", "at_office", "created_at", "changed_at")
    list_filter = ("state", "procedure", "office", "created_at")
    list_select_related = ("office",)
    search_fields = ("number", "file_number")
    fields = (
        *("number", "procedure", "state", "office", "created_at"),
        *("file_number", "filed_at", "dropped_at"),
    )


@admin.register(Issuance)
class IssuanceAdmin(OverseenAdmin):
    office = "application__office"
    list_display = ("application", "role", "stage", "desk", "started_at", "confirmed_at", "failure")
    list_filter = ("stage", "role", "desk", "failure_code", "acceptance", "started_at")
    search_fields = ("application__number",)
    fields = (
        *("application", "role", "stage", "desk", "started_by", "started_at", "moved_at"),
        *("body", "key_type", "replaced_serial", "renews_serial"),
        *("failure", "failure_facts", "advice"),
        *("confirmed_at", "acceptance"),
    )

    @admin.display(description=_("failure"), ordering="failure_code")
    def failure(self, issuance: Issuance) -> Any:
        return failures.title(issuance.failure_code)

    @admin.display(description=_("what to do"))
    def advice(self, issuance: Issuance) -> str:
        return body_states.about(issuance)


@admin.register(Certificate)
class CertificateAdmin(OverseenAdmin):
    office = "application__office"
    list_display = ("serial", "role", "application", "ends_on", "published_as")
    list_filter = ("role", "ends_on", "published__state", "revoked_at", "revocation_reason")
    list_select_related = ("application", "published")
    search_fields = ("serial", "application__number")
    fields = (
        *("serial", "role", "issuer", "application", "sha256", "not_before", "not_after"),
        "ends_on",
        *("received_at", "revoked_at", "revocation_reason", "published_as", "doubt"),
    )

    @admin.display(description=_("status"), ordering="published__state")
    def published_as(self, certificate: Certificate) -> str:
        """Say the status and of which moment it is known."""
        found = getattr(certificate, "published", None)
        if found is None or found.known_at is None:
            return found.get_shown_display() if found else ""
        moment = formats.localize(timezone.localtime(found.known_at))
        return f"{found.get_shown_display()} ({moment})"

    @admin.display(description=_("doubt"))
    def doubt(self, certificate: Certificate) -> Any:
        found = getattr(certificate, "published", None)
        return published.why(found.doubt) if found else ""


@admin.register(Notice)
class NoticeAdmin(OverseenAdmin):
    """Who was told that certificates expire, how, and what hindered it."""

    office = "application__office"
    list_display = ("application", "ends_on", "days", "channel", "state", "failure", "done_at")
    list_filter = ("state", "channel", "days", "ends_on")
    list_select_related = ("application",)
    search_fields = ("application__number",)
    fields = (
        *("application", "ends_on", "days", "channel", "state", "made_at"),
        *("tries", "due_at", "failure", "done_at"),
    )


@admin.register(PaperSeal)
class PaperSealAdmin(OverseenAdmin):
    """How the sealing stands; `manage.py seals` lets it go on."""

    office = "paper__application__office"
    list_display = ("case", "title", "state", "tries", "next_try", "hindrance")
    list_filter = ("state", "stops", "requested_at")
    list_select_related = ("paper__application",)
    search_fields = ("paper__application__number",)
    fields = (
        *("case", "title", "state", "requested_at", "tries", "next_try", "hindrance", "stops"),
        *("level", "sealer", "sealed_at", "sha256"),
    )

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Name the table only to an office that has to do with seals."""
        return seals.in_use() and super().has_module_permission(request)

    @admin.display(description=_("case"), ordering="paper__application__number")
    def case(self, seal: PaperSeal) -> str:
        return str(seal.paper.application)

    @admin.display(description=_("Paper"))
    def title(self, seal: PaperSeal) -> str:
        return f"{seal.paper.title} {seal.paper.copy}"

    @admin.display(description=_("next try"), ordering="due_at")
    def next_try(self, seal: PaperSeal) -> str:
        waits = seal.state == PaperSeal.State.WAITING
        return formats.localize(timezone.localtime(seal.due_at)) if waits else ""

    @admin.display(description=_("failure"), ordering="failure_code")
    def hindrance(self, seal: PaperSeal) -> str:
        return seals.hindrance(seal)

"""The counter in the administration: people, offices and desks to set up, the rest to look at."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth import admin as auth
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from archive.admin import ReadOnlyAdmin
from registration.models import Application, Certificate, Desk, Issuance, Office, PaperSeal, User
from registration.queries import offices, seals
from registration.reports import failures
from registration.services import roles
from registration.views import access

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    BaseUserAdmin = auth.UserAdmin[User]
else:
    ModelAdmin = admin.ModelAdmin
    BaseUserAdmin = auth.UserAdmin


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


admin.site.unregister(Group)  # what a role may is code: `manage.py set_up_roles`


@admin.register(Office)
class OfficeAdmin(ModelAdmin):
    """All offices for who sets them up, the overseen ones for who only looks."""

    list_display = ("code", "name", "place")
    search_fields = ("code", "name", "place")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Office]:
        every = super().get_queryset(request)
        if self.has_change_permission(request):
            return every
        return every.filter(pk__in=offices.overseen_by(access.officer(request)))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False  # its cases name it


class RoleFilter(admin.SimpleListFilter):
    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [(role.value, title) for role, title in roles.TITLES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


@admin.register(User)
class UserAdmin(BaseUserAdmin):
    """People are never deleted, what they did names them; a role is a group."""

    list_display = ("username", "first_name", "last_name", "office", "is_active")
    list_filter = ("office", RoleFilter, "is_active")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "office")}),
        (_("Role"), {"fields": ("groups", "is_active")}),
    )
    add_fieldsets = (
        (_("Person"), {"fields": ("username", "first_name", "last_name", "email", "office")}),
        (_("Role"), {"fields": ("groups",)}),
        (_("Password"), {"fields": ("password1", "password2")}),
    )
    filter_horizontal = ()

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Offer the roles as boxes to tick, in the reader's language."""
        asked: Any = super().formfield_for_manytomany(db_field, request, **options)
        if db_field.name == "groups":
            asked.label = _("Roles")
            asked.widget = forms.CheckboxSelectMultiple()
            asked.choices = [(each.pk, roles.title(each.name)) for each in asked.queryset]
            asked.help_text = _("What this person does; without a role nothing is shown.")
        return asked

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        super().save_related(request, form, formsets, change)
        roles.open_administration(form.instance)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep who sets up accounts from taking over one that may everything."""
        above = obj is not None and obj.is_superuser and not access.officer(request).is_superuser
        return super().has_change_permission(request, obj) and not above

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


@admin.register(Desk)
class DeskAdmin(AtOffice, ModelAdmin):
    """A desk is made by `manage.py desk_enrol`; here it is named, moved and switched off."""

    list_display = ("code", "name", "at_office", "active", "seen_at", "reader", "card_present")
    list_filter = ("office", "active")
    list_select_related = ("office",)
    fields = ("code", "name", "office", "active", "seen_at", "reader", "agent_version")
    readonly_fields = ("code", "seen_at", "reader", "agent_version")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Desk]:
        every = super().get_queryset(request)
        if self.has_change_permission(request):
            return every
        return every.filter(office__in=offices.overseen_by(access.officer(request)))

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
    fields = ("number", "procedure", "state", "office", "created_at", "file_number", "filed_at")


@admin.register(Issuance)
class IssuanceAdmin(OverseenAdmin):
    office = "application__office"
    list_display = ("application", "stage", "desk", "started_at", "confirmed_at", "failure")
    list_filter = ("stage", "desk", "failure_code", "started_at")
    search_fields = ("application__number",)
    fields = (
        *("application", "stage", "desk", "started_by", "started_at", "moved_at"),
        *("key_type", "replaced_serial", "failure", "failure_facts", "confirmed_at"),
    )

    @admin.display(description=_("failure"), ordering="failure_code")
    def failure(self, issuance: Issuance) -> Any:
        return failures.title(issuance.failure_code)


@admin.register(Certificate)
class CertificateAdmin(OverseenAdmin):
    office = "application__office"
    list_display = ("serial", "application", "not_before", "not_after", "revoked_at")
    list_filter = ("not_after", "revoked_at", "revocation_reason")
    search_fields = ("serial", "application__number")
    fields = (
        *("serial", "issuer", "application", "sha256", "not_before", "not_after"),
        *("received_at", "revoked_at", "revocation_reason"),
    )


@admin.register(PaperSeal)
class PaperSealAdmin(OverseenAdmin):
    """How the sealing stands; `manage.py seals` lets it go on."""

    office = "paper__packet__application__office"
    list_display = ("case", "title", "state", "tries", "next_try", "hindrance")
    list_filter = ("state", "stops", "requested_at")
    list_select_related = ("paper__packet__application",)
    search_fields = ("paper__packet__application__number",)
    fields = (
        *("case", "title", "state", "requested_at", "tries", "next_try", "hindrance", "stops"),
        *("level", "sealer", "sealed_at", "sha256"),
    )

    @admin.display(description=_("case"), ordering="paper__packet__application__number")
    def case(self, seal: PaperSeal) -> str:
        return str(seal.paper.packet.application)

    @admin.display(description=_("Paper"))
    def title(self, seal: PaperSeal) -> str:
        return f"{seal.paper.title} {seal.paper.copy}"

    @admin.display(description=_("next try"), ordering="due_at")
    def next_try(self, seal: PaperSeal) -> datetime | None:
        return seal.due_at if seal.state == PaperSeal.State.WAITING else None

    @admin.display(description=_("failure"), ordering="failure_code")
    def hindrance(self, seal: PaperSeal) -> str:
        return seals.hindrance(seal)

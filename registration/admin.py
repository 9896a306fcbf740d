"""The counter in the administration: people, offices and desks to set up, the rest to look at."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth import admin as auth
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from archive.admin import ReadOnlyAdmin
from registration.models import Application, Certificate, Desk, Issuance, Office, User
from registration.queries import offices
from registration.views import access

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    BaseUserAdmin = auth.UserAdmin[User]
else:
    ModelAdmin = admin.ModelAdmin
    BaseUserAdmin = auth.UserAdmin


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


@admin.register(User)
class UserAdmin(BaseUserAdmin):
    """People are never deleted, what they did names them; a role is a group."""

    list_display = ("username", "first_name", "last_name", "office", "is_active")
    list_filter = ("office", "groups", "is_active")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "office")}),
        (_("Role"), {"fields": ("groups", "is_active", "is_staff")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "office", "usable_password", "password1", "password2")}),
    )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep who sets up accounts from taking over one that may everything."""
        above = obj is not None and obj.is_superuser and not access.officer(request).is_superuser
        return super().has_change_permission(request, obj) and not above

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


@admin.register(Desk)
class DeskAdmin(ModelAdmin):
    """A desk is made by `manage.py desk_enrol`; here it is named, moved and switched off."""

    list_display = ("code", "name", "office", "active", "seen_at", "reader", "card_present")
    list_filter = ("office", "active")
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
class ApplicationAdmin(OverseenAdmin):
    """Where cases stand; who they are about stays on the counter's own pages."""

    list_display = ("number", "procedure", "state", "office", "created_at", "changed_at")
    list_filter = ("state", "procedure", "office", "created_at")
    search_fields = ("number", "file_number")
    fields = ("number", "procedure", "state", "office", "created_at", "file_number", "filed_at")


@admin.register(Issuance)
class IssuanceAdmin(OverseenAdmin):
    office = "application__office"
    list_display = ("application", "stage", "desk", "started_at", "confirmed_at", "failure_code")
    list_filter = ("stage", "desk", "failure_code", "started_at")
    search_fields = ("application__number",)
    fields = (
        *("application", "role", "stage", "desk", "started_by", "started_at", "moved_at"),
        *("key_type", "replaced_serial", "failure_code", "failure_facts", "confirmed_at"),
    )


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

"""People and offices in the administration: made, named, given roles, never deleted."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth import admin as auth
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from registration.models import Office, User
from registration.queries import offices
from registration.services import roles
from registration.views import access

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    BaseUserAdmin = auth.UserAdmin[User]
else:
    ModelAdmin = admin.ModelAdmin
    BaseUserAdmin = auth.UserAdmin


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

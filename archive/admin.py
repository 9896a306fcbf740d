"""The archive in the administration: to look at, never to change; no person's data."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from archive import queries
from archive.models import AuditEvent, FixityFinding, FixityRound, Record, RecordCertificate
from archive.views import access

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    StackedInline = admin.StackedInline[Any, Any]
else:
    ModelAdmin = admin.ModelAdmin
    StackedInline = admin.StackedInline


class ReadOnlyAdmin(ModelAdmin):
    """Rows that only the services write."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


class RecordCertificateInline(StackedInline):
    """The record's certificates, for whoever sees the record; only the services write them."""

    model = RecordCertificate
    can_delete = False
    fields = readonly_fields = (
        *("role", "serial", "issuer", "valid_from", "valid_until", "ended_at", "ended_reason"),
        *("published", "published_at"),
    )

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return request.user.has_perm("archive.view_record")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


@admin.register(Record)
class RecordAdmin(ReadOnlyAdmin):
    """Counts and terms; who the record is about is shown by the archive's pages, which log it."""

    list_display = ("file_number", "case_number", "kind", "state", "office_code", "decided_on")
    list_filter = ("state", "kind", "office_code", "decided_on")
    search_fields = ("file_number", "case_number")
    ordering = ("-filed_at",)
    fields = (
        *("file_number", "case_number", "kind", "state", "office_code", "office_name", "officer"),
        *(
            "decided_on",
            "filed_at",
            "category",
            "retention_years",
            "retention_anchor",
            "retained_until",
        ),
    )
    inlines = (RecordCertificateInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Record]:
        return queries.visible_to(access.viewer(request)).order_by("-filed_at")


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """The chained events without what is sealed beside them."""

    list_display = ("stream", "number", "at", "event", "subject", "actor")
    list_filter = ("stream", "at")
    search_fields = ("subject", "event", "actor")
    ordering = ("-id",)
    show_full_result_count = False
    fields = ("stream", "number", "at", "event", "subject", "actor", "facts", "previous", "hash")


@admin.register(FixityRound)
class FixityRoundAdmin(ReadOnlyAdmin):
    """The checks of all stored files, one a row."""

    list_display = ("started_at", "ended_at", "stage", "checked", "size")
    fields = list_display


@admin.register(FixityFinding)
class FixityFindingAdmin(ReadOnlyAdmin):
    """What the checks found; the archive's page repairs it."""

    list_display = ("name", "where", "kind", "found_at", "ended_at", "ending")
    list_filter = ("kind", "where", "ending", "found_at")
    search_fields = ("name",)
    fields = ("name", "where", "kind", "found_at", "seen_at", "ended_at", "ending")

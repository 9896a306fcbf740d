"""The archive's addresses: numbers of rows only, nothing of a person."""

from django.urls import path

from archive.views import disposals, holds, proposals, records, reviews, search

app_name = "archive"
urlpatterns = [
    path("", search.search, name="search"),
    path("records/<int:number>/", records.record, name="record"),
    path("records/<int:number>/papers/<int:file>/", records.paper, name="paper"),
    path(
        "records/<int:number>/certificates/<int:certificate>/",
        records.certificate,
        name="certificate",
    ),
    path("holds/", holds.hold_list, name="holds"),
    path("holds/new/", holds.hold_new, name="hold_new"),
    path("holds/<int:number>/", holds.hold, name="hold"),
    path("holds/<int:number>/confirm/", holds.hold_confirm, name="hold_confirm"),
    path("holds/<int:number>/lift/", holds.hold_lift, name="hold_lift"),
    path("disposals/", disposals.disposal_list, name="disposals"),
    path("disposals/new/", proposals.disposal_new, name="disposal_new"),
    path("disposals/<int:number>/", disposals.disposal, name="disposal"),
    path("disposals/<int:number>/review/", reviews.disposal_review, name="disposal_review"),
    path("disposals/<int:number>/<slug:step>/", disposals.disposal_step, name="disposal_step"),
    path(
        "disposals/<int:number>/documents/<int:document>/",
        disposals.disposal_document,
        name="disposal_document",
    ),
]

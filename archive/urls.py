"""The archive's addresses: numbers of rows only, nothing of a person."""

from django.urls import path

from archive.views import (
    checks,
    disposals,
    holds,
    labels,
    loans,
    places,
    proposals,
    records,
    reviews,
    scanning,
    search,
    shelving,
)

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
    path("records/<int:number>/lend/", loans.lend, name="lend"),
    path("places/", places.places, name="places"),
    path("places/scan/", scanning.scan, name="scan"),
    path("places/new/", places.place_new, name="place_new"),
    path("places/waiting/", places.unplaced, name="unplaced"),
    path("places/<int:place>/", shelving.place, name="place"),
    path("places/<int:place>/edit/", places.place_edit, name="place_edit"),
    path("places/<int:place>/check/", checks.place_check, name="place_check"),
    path("places/<int:place>/checks/<int:check>/", checks.check, name="check"),
    path("labels/", labels.labels, name="labels"),
    path("labels/sheet/", labels.sheet, name="label_sheet"),
    path("loans/", loans.loans, name="loans"),
    path("loans/<int:loan>/", loans.loan, name="loan"),
    path("loans/<int:loan>/revers/", loans.revers, name="revers"),
]

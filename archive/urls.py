"""The archive's addresses: numbers of rows only, nothing of a person."""

from django.urls import path

from archive.views import (
    checks,
    labels,
    loans,
    places,
    records,
    scanning,
    search,
    searches,
    shelving,
)

app_name = "archive"
urlpatterns = [
    path("", search.search, name="search"),
    path("export/<str:form>/", searches.export, name="export"),
    path("searches/", searches.save, name="search_save"),
    path("searches/<int:number>/", searches.run, name="search_run"),
    path("searches/<int:number>/forget/", searches.forget, name="search_forget"),
    path("records/<int:number>/", records.record, name="record"),
    path("records/<int:number>/papers/<int:file>/", records.paper, name="paper"),
    path(
        "records/<int:number>/certificates/<int:certificate>/",
        records.certificate,
        name="certificate",
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

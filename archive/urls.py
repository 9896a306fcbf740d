"""The archive's addresses: numbers of rows only, nothing of a person."""

from django.urls import path

from archive.views import exports, records, search

app_name = "archive"
urlpatterns = [
    path("", search.search, name="search"),
    path("exports/", exports.exports, name="exports"),
    path("exports/<uuid:export>/", exports.export, name="export"),
    path("records/<int:number>/", records.record, name="record"),
    path("records/<int:number>/papers/<int:file>/", records.paper, name="paper"),
    path(
        "records/<int:number>/certificates/<int:certificate>/",
        records.certificate,
        name="certificate",
    ),
]

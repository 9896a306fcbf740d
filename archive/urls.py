"""The archive's addresses: numbers of rows only, nothing of a person."""

from django.urls import path

from archive.views import records, search, searches

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
]

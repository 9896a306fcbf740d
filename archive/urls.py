"""The archive's addresses: numbers of rows only, nothing of a person."""

from django.urls import path

from archive.views import files, records, search

app_name = "archive"
urlpatterns = [
    path("", search.search, name="search"),
    path("files/", files.files, name="files"),
    path("files/alert/", files.alert, name="files_alert"),
    path("files/check/", files.check, name="files_check"),
    path("files/<int:finding>/repair/", files.repair, name="files_repair"),
    path("records/<int:number>/", records.record, name="record"),
    path("records/<int:number>/papers/<int:file>/", records.paper, name="paper"),
    path("records/<int:number>/papers/<int:file>/pages/<int:page>/", records.viewer, name="viewer"),
    path(
        "records/<int:number>/papers/<int:file>/pages/<int:page>/picture/",
        records.picture,
        name="picture",
    ),
    path(
        "records/<int:number>/certificates/<int:certificate>/",
        records.certificate,
        name="certificate",
    ),
]

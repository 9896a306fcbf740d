"""The archive's addresses: numbers of rows only, nothing of a person."""

from django.urls import path

from archive.views import (
    book,
    categories,
    checks,
    labels,
    loans,
    places,
    records,
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
    path("book/", book.books, name="books"),
    path("book/<int:book>/", book.book, name="book"),
    path("book/<int:book>/<slug:form>/", book.book_file, name="book_file"),
    path("book/<int:book>/close/<int:year>/", book.book_close, name="book_close"),
    path("book/entries/<int:entry>/", book.book_entry, name="book_entry"),
    path("book/entries/<int:entry>/cancel/", book.book_cancel, name="book_cancel"),
    path("categories/", categories.categories, name="categories"),
    path("categories/begin/", categories.categories_begin, name="categories_begin"),
    path("categories/apply/", categories.categories_apply, name="categories_apply"),
    path("categories/<int:version>/", categories.category_list, name="category_list"),
    path("categories/<int:version>/write/", categories.categories_write, name="categories_write"),
    path(
        "categories/<int:version>/put-in-force/",
        categories.categories_put_in_force,
        name="categories_put_in_force",
    ),
    path(
        "categories/<int:version>/discard/",
        categories.categories_discard,
        name="categories_discard",
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

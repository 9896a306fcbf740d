"""Searches are narrowed, turned over, kept and taken away as files."""

from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from archive.models import AuditEvent, Record, SavedSearch
from archive.search import index
from archive.services import records, searches
from archive.views import search as page
from tests.archive import cases
from tests.archive.conftest import Officer
from tests.archive.searching import search
from tests.people import logged_in, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> Client:
    return logged_in(person("ruza", None, "view_record", "view_every_office", "export_list"))


@pytest.fixture(autouse=True)
def filed(officer: Officer) -> list[Record]:
    people = [("Петровић", "Ана"), ("=Petrović", "Marko"), ("Petrović", "Zoran")]
    return [records.file(cases.filing(*person), by=officer) for person in people]


def key_of(address: str) -> str:
    return address.partition("?s=")[2]


def test_a_field_is_taken_away_by_its_chip(clerk: Client) -> None:
    address, shown = search(clerk, box="petrovic", state="refused", office="BG-01")
    assert (shown.count('name="without"'), 'data-total="0"' in shown) == (2, True)
    _, shown = search(clerk, box="petrovic", state="refused", office="BG-01", without="state")
    assert (shown.count('name="without"'), 'data-total="3"' in shown) == (1, True)
    assert "petrovic" not in address


def test_a_span_that_ends_before_it_begins_is_refused_in_words(clerk: Client) -> None:
    _, shown = search(clerk, decided_from="2.3.2026.", decided_to="1.3.2026.")
    assert shown.count("invalid-feedback") == 1


def test_pages_are_turned_by_numbers_of_rows_alone(
    clerk: Client, filed: list[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "LIMIT", 1)
    address, shown = search(clerk, box="petrovic")
    key = key_of(address)
    seen = [row_of(shown)]
    while 'rel="next"' in shown:
        address = f"{reverse('archive:search')}?s={key}&after={seen[-1]}"
        assert f"s={key}&amp;after={seen[-1]}" in shown
        shown = clerk.get(address).content.decode()
        seen.append(row_of(shown))
    assert sorted(seen) == [record.pk for record in filed]
    shown = clerk.get(f"{reverse('archive:search')}?s={key}&before={seen[-1]}").content.decode()
    assert row_of(shown) == seen[-2]
    looked = [each.facts for each in AuditEvent.objects.filter(event="viewed").order_by("number")]
    assert looked == [
        {"what": "search", "fields": ["box"], **turned}
        for turned in ({}, {"after": seen[0]}, {"after": seen[1]}, {"before": seen[2]})
    ]
    assert clerk.get(f"{reverse('archive:search')}?s={key}&after=zoran").status_code == 200


def row_of(shown: str) -> int:
    return int(shown.partition('data-record="')[2].partition('"')[0])


def test_similar_names_are_offered_where_nothing_fits(clerk: Client) -> None:
    _, shown = search(clerk, box="petorvic zoran", state="issued")
    assert shown.count("data-meant") == 1
    assert 'value="Petrović zoran"' in shown
    assert '<input type="hidden" name="state" value="issued">' in shown


def test_a_kept_search_is_asked_again_and_forgotten(clerk: Client) -> None:
    address, _ = search(clerk, box=cases.JMBG, state="issued")
    clerk.post(reverse("archive:search_save"), {"s": key_of(address), "called": "Предмет Ане"})
    saved = SavedSearch.objects.get()
    assert (saved.owner, saved.name) == ("ruza", "Предмет Ане")
    assert saved.typed == {"box": cases.JMBG, "state": "issued"}
    answer = clerk.post(reverse("archive:search_run", args=[saved.pk]), follow=True)
    assert 'data-total="3"' in answer.content.decode()
    views = AuditEvent.objects.filter(stream="views.none").order_by("number")
    assert [view.facts["fields"] for view in views] == [["box", "state"]] * 2
    clerk.post(reverse("archive:search_forget", args=[saved.pk]))
    assert SavedSearch.objects.count() == 0
    told = AuditEvent.objects.filter(event__startswith="search.").values_list("event", flat=True)
    assert list(told) == ["search.saved", "search.forgotten"]


def test_a_kept_search_lies_sealed_and_is_its_owners_alone(clerk: Client, officer: Officer) -> None:
    kept = searches.save("Ана", {"box": "Ана"}, by=officer)
    again = searches.save("ана", {"box": "Ana"}, by=officer)
    assert list(SavedSearch.objects.all()) == [again]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, typed FROM archive_savedsearch")
        for column in cursor.fetchone():
            assert not any(word.encode() in bytes(column) for word in ("ана", "Ana"))
    for name in ("search_run", "search_forget"):
        for number in (kept.pk, again.pk):
            assert clerk.post(reverse(f"archive:{name}", args=[number])).status_code == 404
    assert "data-saved" not in clerk.get(reverse("archive:search")).content.decode()


def test_there_is_an_end_to_what_one_keeps(
    clerk: Client, officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searches, "MOST", 1)
    searches.save("one", {"box": "a"}, by=officer)
    searches.save("one", {"box": "b"}, by=officer)
    with pytest.raises(searches.TooManySearchesError):
        searches.save("two", {"box": "a"}, by=officer)
    assert [saved.typed for saved in SavedSearch.objects.all()] == [{"box": "b"}]


def test_hits_leave_as_csv_masked_without_formulas_and_logged(clerk: Client) -> None:
    address, _ = search(clerk, box="petrovic")
    answer = clerk.post(reverse("archive:search_export", args=["csv"]), {"s": key_of(address)})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    head, *lines = [line.split(";") for line in text.splitlines()]
    assert [line[:3] for line in lines] == [
        ["Петровић", "Ана", "**********020"],
        ["'=Petrović", "Marko", "**********020"],
        ["Petrović", "Zoran", "**********020"],
    ]
    assert (len(head), lines[0][7]) == (9, "02.03.2026.")
    event = AuditEvent.objects.filter(facts__what="export").get()
    assert event.facts == {"what": "export", "format": "csv", "records": 3, "fields": ["box"]}


def test_hits_leave_as_a_sheet_of_typed_cells(clerk: Client) -> None:
    address, _ = search(clerk, box="petrovic")
    answer = clerk.post(reverse("archive:search_export", args=["xlsx"]), {"s": key_of(address)})
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    rows = list(sheet.iter_rows(min_row=2))
    assert [cell.value for cell in rows[1]][:3] == ["=Petrović", "Marko", "**********020"]
    assert (rows[1][0].data_type, rows[1][0].quotePrefix) == ("s", True)
    assert f"{rows[0][7].value:%Y-%m-%d}" == "2026-03-02"


def test_lists_leave_only_with_the_right_to_it_and_of_the_own_office(officer: Officer) -> None:
    reader = logged_in(person("marko", "BG-01", "view_record"))
    address, shown = search(reader, box="petrovic")
    assert "export-csv" not in shown
    refused = reader.post(reverse("archive:search_export", args=["csv"]), {"s": key_of(address)})
    assert refused.status_code == 403
    records.file(cases.filing("Petrović", "Vera", office_code="NS-02"), by=officer)
    own = logged_in(person("vera", "BG-01", "view_record", "export_list"))
    address, shown = search(own, box="petrovic")
    assert 'data-total="3"' in shown
    answer = own.post(reverse("archive:search_export", args=["csv"]), {"s": key_of(address)})
    assert "Vera" not in b"".join(answer.streaming_content).decode()


def test_a_search_of_long_ago_is_neither_kept_nor_exported(clerk: Client) -> None:
    for name, given in (("search_save", []), ("search_export", ["csv"])):
        answer = clerk.post(reverse(f"archive:{name}", args=given), {"s": "x"}, follow=True)
        assert answer.redirect_chain == [(reverse("archive:search"), 302)]
        assert "alert" in answer.content.decode()


def test_the_page_says_when_not_everything_can_be_found(clerk: Client, filed: list[Record]) -> None:
    def warned() -> list[bool]:
        pages = (clerk.get(reverse("archive:search")).content.decode(), search(clerk, box="a")[1])
        return ['id="half"' in page for page in pages]

    before = warned()
    index.drop()
    assert (before, warned()) == ([False, False], [True, True])

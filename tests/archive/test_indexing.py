"""The index is made anew while people search and file, ended at any moment, and checked."""

from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from archive import queries
from archive.models import Record
from archive.queries import SearchQuery
from archive.search import index
from archive.search.index import Table
from archive.services import indexing, records
from tests.archive import cases
from tests.archive.conftest import Officer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def index_again() -> Iterator[None]:
    """Leave an empty index behind, as the tests of others find it."""
    yield
    for table in Table:
        index.drop(table)
    with transaction.atomic():
        index.create()
        index.complete()


@pytest.fixture
def filed(officer: Officer, monkeypatch: pytest.MonkeyPatch) -> list[Record]:
    monkeypatch.setattr(indexing, "BATCH", 2)
    return [records.file(cases.filing(name), by=officer) for name in ("Аћ", "Бић", "Вић", "Гић")]


def found(box: str) -> list[str]:
    return [hit.record.surname for hit in queries.search(SearchQuery(box), limit=50).hits]


def findings() -> list[tuple[int, str]]:
    return [(each.record, each.reason) for each in indexing.check()]


def test_everything_is_found_while_the_next_index_is_made(
    filed: list[Record], officer: Officer
) -> None:
    building = indexing.build()
    next(building)
    assert index.tables() == {Table.SERVING, Table.NEXT}
    assert (found("vic"), queries.whole()) == (["Вић"], True)
    records.file(cases.filing("Дић"), by=officer)
    change(filed[0], "Жић")
    change(filed[3], "Шић")
    index.remove(filed[1].pk)
    assert found("dic zic") == []
    list(building)
    assert index.tables() == {Table.SERVING}
    assert [found(name) for name in ("ac", "zic", "sic", "dic")] == [[], ["Жић"], ["Шић"], ["Дић"]]
    assert findings() == []


def change(record: Record, surname: str) -> None:
    """Change a record as a service does: locked, and its line in the index with it."""
    with transaction.atomic():
        row = Record.objects.select_for_update(no_key=True).get(pk=record.pk)
        row.surname = surname
        row.save()
        index.write(row.entry())


def test_what_was_killed_goes_on_where_it_was(filed: list[Record]) -> None:
    next(indexing.build())
    assert index.last(Table.NEXT) == filed[1].pk
    assert [*indexing.build()] == [filed[3].pk]
    assert (index.tables(), findings()) == ({Table.SERVING}, [])


def test_without_an_index_one_may_file_and_what_is_made_so_far_is_found(
    filed: list[Record], officer: Officer
) -> None:
    index.drop()
    assert (found("vic"), queries.whole()) == ([], False)
    records.file(cases.filing("Дић"), by=officer)
    building = indexing.build()
    next(building)
    assert (found("bic"), found("vic"), queries.whole()) == (["Бић"], [], False)
    list(building)
    assert (found("vic"), found("dic"), queries.whole()) == (["Вић"], ["Дић"], True)


def test_the_check_names_what_is_missing_gone_and_different(filed: list[Record]) -> None:
    index.remove(filed[0].pk)
    Record.objects.filter(pk=filed[1].pk).update(surname="Другачић")
    index.insert(Table.SERVING, [filed[2].entry().__class__(10**6, "", frozenset({"nx"}))])
    assert findings() == [
        (filed[0].pk, "missing"),
        (10**6, "gone"),
        (filed[1].pk, "differs"),
    ]
    with pytest.raises(CommandError, match="differ"):
        call_command("index_records", "--check")
    call_command("index_records", verbosity=0)
    call_command("index_records", "--check")
    assert found("drugacic") == ["Другачић"]


def test_only_a_missing_index_is_made_where_that_is_asked(filed: list[Record]) -> None:
    index.remove(filed[0].pk)
    call_command("index_records", "--missing")
    assert found("ac") == []
    index.drop()
    call_command("index_records", "--missing")
    assert found("ac") == ["Аћ"]


def test_no_wording_of_a_paper_is_in_the_index(filed: list[Record]) -> None:
    assert found("захтев") == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM archive_search")
        said = " ".join(str(row[0]) for row in cursor.fetchall())
    assert "zahtev" not in said
    assert cases.JMBG not in said

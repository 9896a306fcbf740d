"""The full-text index, on SQLite's FTS5: the one module of search that speaks SQL."""

from dataclasses import astuple, dataclass, fields

from django.db import connection
from django.db.models.expressions import RawSQL

from archive.search import folding


@dataclass(frozen=True)
class Words:
    """What can be found of a record by its words, folded."""

    name: str
    case_number: str
    file_number: str
    serial: str


COLUMNS = tuple(column.name for column in fields(Words))
CREATE = (
    f"CREATE VIRTUAL TABLE archive_search USING fts5({', '.join(COLUMNS)},"
    " prefix='2 3 4', tokenize='unicode61 remove_diacritics 0')"
)
DROP = "DROP TABLE archive_search"
_INSERT = f"INSERT INTO archive_search (rowid, {', '.join(COLUMNS)}) VALUES (%s, %s, %s, %s, %s)"  # noqa: S608 - names of our own columns


def words(*, name: str, case_number: str, file_number: str, serial: str) -> Words:
    """Fold what a record says; a name's đ (or dj) stands there in both its spellings."""
    spelled = [folding.spellings(word.replace("dj", "đ")) for word in folding.words(name)]
    return Words(
        name=" ".join(spelling for word in spelled for spelling in word),
        case_number=_number(case_number),
        file_number=_number(file_number),
        serial=folding.fold(serial),
    )


def _number(text: str) -> str:
    """Write a number as it is and without its separators: 26-0000123 is also 260000123."""
    plain = folding.fold(text)
    joined = plain.replace(" ", "")
    return plain if plain == joined else f"{plain} {joined}"


def write(record: int, said: Words) -> None:
    """Put a record's words into the index, instead of what stood there."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM archive_search WHERE rowid = %s", [record])
        cursor.execute(_INSERT, [record, *astuple(said)])


def matching(expression: str) -> RawSQL:
    """Return the ids of the records that fit, for `pk__in`; `archive.search.terms` wrote it."""
    sql = "SELECT rowid FROM archive_search WHERE archive_search MATCH %s"
    return RawSQL(sql, [expression])  # noqa: S611 - one constant statement, one parameter

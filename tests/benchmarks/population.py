"""Records of people who do not exist, as many as wanted, and what a search must find among them.

Every frequent surname is 1 % of the records; half of the people stand there in Cyrillic, half in
Latin letters, every tenth of these without marks. What must be found is counted here by lists of
its own, without the archive's folding.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import islice, product
from typing import NamedTuple

from django.db import connection, models, transaction

from archive import vault
from archive.models import Record, RecordCertificate, RecordFile
from archive.search import alphabet

FREQUENT = (
    *("Јовановић", "Петровић", "Николић", "Марковић", "Ђорђевић", "Стојановић", "Илић"),
    *("Станковић", "Павловић", "Милошевић"),
)
GIVEN = (
    *("Ана", "Марија", "Јелена", "Љиљана", "Његош", "Џејн", "Ђурђа", "Никола", "Петар", "Жарко"),
    *("Чедомир", "Ћира", "Шефкет", "Милица", "Драган", "Зоран", "Горан", "Вера", "Бојана"),
)
OFFICES = tuple(f"{number:03}" for number in range(71, 91))
OFFICERS = ("Јелена Јовић", "Marko Đurić", "Зора Ћосић", "Ivana Lukić", "Фрањо Жунић")
STATES, KINDS = ("issued", "issued", "issued", "refused"), ("issue", "issue", "renew")
FIRST_DAY, DAYS = date(2024, 1, 2), 900
BATCH = 2000
_STARTS = ("Бог", "Вељ", "Гли", "Дра", "Жив", "Зла", "Кне", "Љуб", "Мил", "Нић", "Обр", "Рад")
_MIDDLES = ("ан", "ен", "ош", "ис", "ут", "ем", "ав", "ор", "ул", "ић", "еш", "ам")
_ENDS = ("овић", "евић", "ић", "ски", "ац", "чић", "ица", "џић", "ељ", "ов")
RARE = tuple("".join(parts) for parts in product(_STARTS, _MIDDLES, _ENDS))
_LATIN = dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš", strict=True)) | {
    "љ": "lj",
    "њ": "nj",
    "џ": "dž",
}
_PLAIN = str.maketrans({"đ": "dj", "ž": "z", "ć": "c", "č": "c", "š": "s"})


@dataclass(frozen=True)
class Person:
    """What is known of a record by its number alone; names in Cyrillic, whatever it shows."""

    number: int
    surname: str
    given_name: str
    script: int  # 0–9: below 5 Cyrillic, 9 Latin without marks
    office: str
    officer: str
    state: str
    kind: str
    decided_on: date

    @property
    def jmbg(self) -> str:
        return f"{self.number:013}"

    @property
    def case_number(self) -> str:
        return f"{self.decided_on:%y}{self.number:07}"

    @property
    def file_number(self) -> str:
        return f"SE-{self.number}/{self.decided_on:%Y}"

    @property
    def serial(self) -> str:
        return f"{random.Random(self.number).getrandbits(124) | 1 << 124:x}"

    @property
    def words(self) -> tuple[str, ...]:
        return (plain(self.surname), plain(self.given_name))


class Fits(NamedTuple):
    """What a search by name, office and state may ask of a record."""

    words: tuple[str, ...]  # plain
    office: str
    state: str


def latin(cyrillic: str) -> str:
    return "".join(_LATIN.get(letter, letter) for letter in cyrillic.lower()).title()


@cache
def plain(cyrillic: str) -> str:
    return latin(cyrillic).lower().translate(_PLAIN)


def person(number: int) -> Person:
    chance = random.Random(number * 7919)
    frequent = chance.randrange(100)
    surname = FREQUENT[frequent] if frequent < len(FREQUENT) else chance.choice(RARE)
    return Person(
        number=number,
        surname=surname,
        given_name=chance.choice(GIVEN),
        script=chance.randrange(10),
        office=chance.choice(OFFICES),
        officer=chance.choice(OFFICERS),
        state=chance.choice(STATES),
        kind=chance.choice(KINDS),
        decided_on=FIRST_DAY + timedelta(days=chance.randrange(DAYS)),
    )


def people(count: int) -> Iterator[Person]:
    return map(person, range(1, count + 1))


def shown(name: str, script: int) -> str:
    if script < 5:
        return name
    return plain(name).title() if script == 9 else latin(name)


def store(count: int) -> None:
    """Write the records, without an index."""
    everybody = people(count)
    while some := list(islice(everybody, BATCH)):
        with transaction.atomic():
            _insert(Record, [_record(each) for each in some])
            _insert(RecordCertificate, [one for each in some for one in _certificates(each)])
            _insert(RecordFile, [one for each in some for one in _files(each)])


def truth(count: int) -> Counter[Fits]:
    """Count the records by what a search may ask of them."""
    return Counter(Fits(each.words, each.office, each.state) for each in people(count))


def _insert(model: type[models.Model], rows: list[models.Model]) -> None:
    """Insert rows as the model would write them, but in one statement."""
    meta = model._meta  # noqa: SLF001 - documented by Django
    fields = [field for field in meta.concrete_fields if field.attname != "id" or rows[0].pk]
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    values = (
        [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
        for row in rows
    )
    with connection.cursor() as cursor:
        statement = f"INSERT INTO {meta.db_table} ({names}) VALUES ({places})"  # noqa: S608
        cursor.executemany(statement, list(values))


def _record(each: Person) -> Record:
    surname, given = (shown(name, each.script) for name in (each.surname, each.given_name))
    at = datetime(each.decided_on.year, each.decided_on.month, each.decided_on.day, 9, tzinfo=UTC)
    return Record(
        id=each.number,
        reference=f"bench-{each.number}",
        case_number=each.case_number,
        file_number=each.file_number,
        kind=each.kind,
        state=each.state,
        office_code=each.office,
        office_name=f"ПС {each.office}",
        officer=each.officer,
        decided_on=each.decided_on,
        filed_on=each.decided_on,
        filed_at=at,
        filed_by="bench",
        surname=surname,
        given_name=given,
        sort_key=alphabet.sort_key(f"{surname} {given}"),
        jmbg=each.jmbg,
        jmbg_token=vault.token("jmbg", each.jmbg),
        document_number=f"{each.number:09}",
        document_token=vault.token("document", f"{each.number:09}"),
        email="",
        signatures=[{"paper": "request", "copy": 1, "role": "citizen", "signer": given}],
        retention_years=10,
        retention_anchor="expiry",
        retention_event=each.decided_on,
        retained_until=each.decided_on,
    )


def _certificates(each: Person) -> Iterator[RecordCertificate]:
    start = datetime(each.decided_on.year, each.decided_on.month, each.decided_on.day, tzinfo=UTC)
    for place, role in enumerate(RecordCertificate.Role.values):
        yield RecordCertificate(
            record_id=each.number,
            role=role,
            serial=f"{int(each.serial, 16) + (place << 100):x}",
            issuer="CN=Overa benchmark",
            valid_from=start,
            valid_until=start + timedelta(days=5 * 365),
            sha256="0" * 64,
        )


def _files(each: Person) -> Iterator[RecordFile]:
    for position, (kind, copy) in enumerate((("request", 1), ("terms", 1), ("contract", 1))):
        yield RecordFile(
            record_id=each.number,
            position=position,
            kind=kind,
            copy=copy,
            title=kind,
            sha256="0" * 64,
            size=1,
            pages=1,
            media_type="application/pdf",
            retained=True,
        )

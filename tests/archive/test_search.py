from datetime import date, timedelta
from itertools import cycle
from random import Random

import pytest

from archive import queries
from archive.models import Record
from archive.queries import SearchQuery
from archive.search import spans, terms, words
from archive.services import records
from archive.services.paper import places, shelving
from tests.archive import cases
from tests.archive.conftest import Officer
from tests.benchmarks import population

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def filed(officer: Officer) -> dict[str, Record]:
    people = {
        "petrovic": ("Петровић", "Ана Марија"),
        "djordjevic": ("Ђорђевић", "Љиљана"),
        "latin": ("Đorđević", "Đurađ"),
        "cakic": ("Čakić", "Nada"),
        "kovacs": ("Kovács-Szabó", "Anđela"),
    }
    filed = {
        name: records.file(cases.filing(*person, jmbg=cases.OTHER_JMBG), by=officer)
        for name, person in people.items()
    }
    other = cases.filing("Жарковић", "Зоран", document_number="000000123")
    return {**filed, "zarkovic": records.file(other, by=officer)}


def found(box: str = "", **fields: object) -> list[str]:
    page = queries.search(SearchQuery(box, **fields), limit=50)  # type: ignore[arg-type]
    assert page.total == len(page.hits)
    return [hit.record.person for hit in page.hits]


def reasons(box: str) -> list[tuple[str, ...]]:
    return [hit.reasons for hit in queries.search(SearchQuery(box), limit=50).hits]


@pytest.mark.parametrize(
    "box",
    ["petrovic", "Petrović", "ПЕТРОВИЋ", "petr", "ana petrovic", "Петровић Марија", "mar ПЕТ"],
)
def test_a_name_is_found_in_any_script_case_order_and_by_its_beginning(box: str) -> None:
    assert found(box) == ["Петровић Ана Марија"]


@pytest.mark.parametrize(
    "box", ["Djordjevic", "Dordevic", "Djordevic", "Ђорђевић", "đorđević", "djordj", "ĐORĐ"]
)
def test_dj_is_found_however_it_is_written(box: str) -> None:
    assert found(box) == ["Đorđević Đurađ", "Ђорђевић Љиљана"]


def test_a_name_typed_without_marks_into_the_record_is_found_too(officer: Officer) -> None:
    records.file(cases.filing("Djordjevic", "Petar"), by=officer)
    for box in ("Ђорђевић Петар", "đorđević petar", "dordevic petar", "djordjevic petar"):
        assert found(box) == ["Djordjevic Petar"]


@pytest.mark.parametrize("box", ["kovacs", "Szabó", "kovacs-szabo", "kovács andj", "andela"])
def test_foreign_marks_and_hyphens_do_not_matter(box: str) -> None:
    assert found(box) == ["Kovács-Szabó Anđela"]


def test_all_words_must_fit() -> None:
    assert found("petrovic zoran") == []
    assert found("etrovic") == []


def test_hits_stand_in_the_order_of_the_alphabet() -> None:
    assert found(cases.OTHER_JMBG) == [
        "Čakić Nada",
        "Đorđević Đurađ",
        "Ђорђевић Љиљана",
        "Kovács-Szabó Anđela",
        "Петровић Ана Марија",
    ]


def test_numbers_of_the_person_are_found_only_whole(filed: dict[str, Record]) -> None:
    assert found(cases.JMBG) == ["Жарковић Зоран"]
    assert found("000000123") == ["Жарковић Зоран"]
    assert found(cases.JMBG[:12]) == []
    assert found("00000012") == []
    assert reasons(cases.JMBG) == [("jmbg",)]
    assert reasons("000000123") == [("document_number",)]


def test_numbers_of_the_case_are_found(filed: dict[str, Record]) -> None:
    record = filed["zarkovic"]
    whole = "Жарковић Зоран"
    for box in (record.case_number, record.file_number, record.file_number.lower()):
        assert whole in found(box)
    assert found(record.file_number.removeprefix("SE-")) == [whole]
    assert reasons(record.case_number) == [("case_number",)]
    assert reasons(f"zoran {record.file_number}") == [("name", "file_number")]


def test_each_certificate_leads_to_its_record(filed: dict[str, Record]) -> None:
    serials = [each.serial for each in filed["zarkovic"].certificates.all()]
    assert len(serials) == 2
    for serial in serials:
        assert found(serial) == found(serial.upper()) == found(serial=serial) == ["Жарковић Зоран"]
        assert reasons(serial) == [("serial",)]
    assert found(" ".join(serials)) == ["Жарковић Зоран"]


def test_the_counters_numbers_are_found_with_their_hyphen_and_without(officer: Officer) -> None:
    record = records.file(cases.filing("Цар", case_number="260000123"), by=officer)
    assert record.shown_case_number == "26-0000123"
    for box in ("260000123", "26-0000123", "26-00001"):
        assert found(box) == [record.person]
    assert found(case_number="26-0000123") == [record.person]
    dashed = records.file(cases.filing("Шар", file_number="26-0000777"), by=officer)
    assert found("260000777") == found("26 0000777") == [dashed.person]


def test_a_serial_number_is_found_by_its_beginning_and_with_colons() -> None:
    assert len(found("4f00aa")) == 6
    assert len(found("4F:00:AA")) == 6
    assert found("4f00") == []
    assert len(found(serial="4f00")) == 6
    assert len(found(serial="4F 00 AA")) == 6


@pytest.mark.parametrize("box", ["2.3.2026.", "02.03.2026", "2. 3. 2026.", "2026-03-02"])
def test_a_date_is_found_in_the_forms_that_people_write(box: str) -> None:
    assert len(found(box)) == 6
    assert found(f"{box} zoran") == ["Жарковић Зоран"]
    assert found("3.3.2026.") == []
    assert reasons(f"zoran {box}") == [("decided_on", "valid_from", "name")]


def test_the_last_day_of_either_certificate_is_found(officer: Officer) -> None:
    shorter = cases.filing("Шарић", certificates=cases.both(900, years=3))
    records.file(shorter, by=officer)
    assert found("1.3.2029.") == ["Шарић Ана"]
    assert reasons("1.3.2029.") == [("valid_until",)]
    assert len(found("1.3.2031.")) == 7


def test_fields_narrow_the_box(filed: dict[str, Record]) -> None:
    assert found(name="djordjevic ljilj") == ["Ђорђевић Љиљана"]
    assert found("djordjevic", name="Đurađ") == ["Đorđević Đurađ"]
    assert found(jmbg=cases.JMBG, name="zoran") == ["Жарковић Зоран"]
    assert found(document_number="000000123") == ["Жарковић Зоран"]
    assert found(case_number=filed["cakic"].case_number) == ["Čakić Nada"]
    assert found(file_number=filed["cakic"].file_number) == ["Čakić Nada"]
    assert len(found(decided_from=date(2026, 3, 2))) == 6
    assert found(decided_to=date(2026, 3, 1)) == []


@pytest.mark.parametrize(
    "box",
    [
        '"',
        "'",
        "*",
        "name:petrovic OR",
        "petrovic OR zoran",
        "NOT petrovic",
        "petrovic NEAR zoran",
        '{name} : ("pet" *)',
        "AND OR NOT",
        "(((",
        "-petrovic ^zoran",
        "); DROP TABLE archive_search; --",
        "%",
        "\x00",
        "31.02.2026.",
        "1" * 200,
        "ђ" * 200,
    ],
)
def test_whatever_is_typed_is_only_searched_for(box: str) -> None:
    assert set(found(box)) <= {"Петровић Ана Марија"}
    assert found("petrovic") == ["Петровић Ана Марија"]


def test_every_field_asks_its_own_part(officer: Officer) -> None:
    event = {"at": "2026-03-02T10:01:00+00:00", "event": "case.refuse", "actor": "jelena"}
    records.file(
        cases.filing(
            "Видић",
            kind="renew",
            state="refused",
            certificates=(),
            office_code="NS-02",
            office_name="ПС Детелинара",
            officer="Ђорђе Чавић",
            papers=(cases.paper("contract", 1, retained=True),),
            events=({**event, "note": "Картица је оштећена"},),
        ),
        by=officer,
    )
    asked = (
        {"officer": "cavic dj"},
        {"office": "NS-02"},
        {"office": "detel"},
        {"kind": "renew"},
        {"state": "refused"},
        {"paper": "contract"},
        {"note": "oštećena kart"},
        {"state": "refused", "officer": "Djordje", "decided_from": date(2026, 3, 1)},
    )
    for fields in asked:
        assert (fields, found(**fields)) == (fields, ["Видић Ана"])
    assert found("oštećena") == ["Видић Ана"]
    assert reasons("oštećena") == [("note",)]
    assert found(state="issued", officer="cavic") == found(office="NS-03") == []
    assert len(found(officer="ilic", kind="issue")) == 6


def test_a_folder_is_found_by_where_it_belongs(filed: dict[str, Record], officer: Officer) -> None:
    (room,) = places.add("room", "Соба 2", parent=None, by=officer)
    (shelf,) = places.add("shelf", "Полица 7", parent=room, by=officer)
    (box,) = places.add("box", "Кутија 1", parent=shelf, by=officer)
    shelving.put(filed["cakic"], box, by=officer)
    shelving.put(filed["kovacs"], shelf, by=officer)
    for text, fit in (
        ("soba 2", ["Čakić Nada", "Kovács-Szabó Anđela"]),
        ("soba 2 polica 7 kutija", ["Čakić Nada"]),
        (box.shown_code, ["Čakić Nada"]),
        ("soba 3", []),
    ):
        assert (text, found(place=text)) == (text, fit)
    shelving.take_out(filed["cakic"], by=officer)
    assert found(place="kutija 1") == []


@pytest.mark.parametrize(
    ("first", "last", "fit"),
    [
        (date(2031, 3, 1), date(2031, 3, 1), 6),
        (date(2031, 2, 28), None, 6),
        (None, date(2031, 3, 1), 6),
        (date(2026, 1, 1), date(2039, 12, 31), 6),
        (date(2031, 3, 2), None, 0),
        (None, date(2031, 2, 28), 0),
        (date(2031, 3, 2), date(2031, 3, 1), 0),
    ],
)
def test_a_span_of_days_holds_both_its_ends(
    first: date | None, last: date | None, fit: int
) -> None:
    assert len(found(valid_until_from=first, valid_until_to=last)) == fit


def test_a_day_lies_in_one_part_of_a_span() -> None:
    chance = Random(3)
    for _ in range(50):
        first = date(1990, 1, 1) + timedelta(days=chance.randrange(20_000))
        last = first + timedelta(days=chance.randrange(9_000))
        parts = list(spans.of(first, last))
        for day in (first, last, first + (last - first) // 2):
            assert sum(part in set(words.days([day])) for part in parts) == 1
        for day in (first - timedelta(days=1), last + timedelta(days=1)):
            assert set(parts).isdisjoint(words.days([day]))


def test_every_name_is_found_in_the_other_script_and_without_marks(officer: Officer) -> None:
    """Half of the people stand there in Latin letters; each is asked for in three spellings."""
    people = [
        (surname, given, script)
        for surname, given in zip(population.RARE[::75], cycle(population.GIVEN), strict=False)
        for script in (0, 5)
    ]
    for surname, given, script in people:
        shown = (population.shown(name, script) for name in (surname, given))
        records.file(cases.filing(*shown, certificates=()), by=officer)
    for surname, given, _ in people:
        for script in (0, 5, 9):
            typed = (population.shown(name, script) for name in (given, surname))
            both = {f"{surname} {given}", population.latin(f"{surname} {given}")}
            assert both <= set(found(" ".join(typed)))


@pytest.mark.parametrize("typed", ["petorvic ana", "petrovc", "Петтровић ана", "pedrovic"])
def test_a_slip_of_the_fingers_is_put_right(typed: str, officer: Officer) -> None:
    assert found(typed) == []
    (meant,) = queries.similar(SearchQuery(typed), viewer=Everywhere())
    assert meant.box.split()[0] == "Петровић"
    assert [one.record.surname for one in queries.search(meant, limit=5).hits] == ["Петровић"]


def test_what_is_like_nothing_offers_nothing() -> None:
    assert queries.similar(SearchQuery("xyzzyx"), viewer=Everywhere()) == ()


class Everywhere(Officer):
    def has_perm(self, _perm: str) -> bool:
        return True


@pytest.mark.parametrize("counted", [1000, 3])
def test_pages_go_on_by_key_and_back(counted: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of the alphabet, and from the newest where there are too many for it."""
    monkeypatch.setattr(queries, "COUNTED", counted)
    everything = queries.search(SearchQuery(case_number="2026"), limit=50)
    whole = [hit.record.pk for hit in everything.hits]
    assert (len(whole), everything.over) == (6, counted == 3)
    assert (whole == sorted(whole, reverse=True)) == (counted == 3)
    there = walk(queries.Turn(), "later")
    assert there == [whole[:2], whole[2:4], whole[4:]]
    assert walk(queries.Turn(before=whole[4]), "earlier") == [whole[2:4], whole[:2]]


def walk(turn: queries.Turn, way: str) -> list[list[int]]:
    pages = []
    while True:
        page = queries.search(SearchQuery(case_number="2026"), limit=2, turn=turn)
        pages.append([hit.record.pk for hit in page.hits])
        if not getattr(page, way):
            return pages
        turn = queries.Turn(after=page.last) if way == "later" else queries.Turn(before=page.first)


def test_all_hits_come_in_the_order_of_the_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    query, viewer = SearchQuery(case_number="2026"), Everywhere()
    whole = [hit.record.pk for hit in queries.search(query, limit=50).hits]
    assert [record.pk for record in queries.every(query, viewer=viewer)] == whole
    monkeypatch.setattr(queries, "COUNTED", 3)
    monkeypatch.setattr(queries, "_AT_ONCE", 4)
    newest = [record.pk for record in queries.every(query, viewer=viewer)]
    assert newest == sorted(whole, reverse=True)
    assert queries.count(query, viewer=viewer) == 6


def test_saying_nothing_finds_nothing() -> None:
    assert found("") == found("  , . ") == []


def test_a_short_page_still_tells_how_many_there_are() -> None:
    page = queries.search(SearchQuery("2026"), limit=2)
    assert (len(page.hits), page.total, page.over) == (2, 6, False)


def test_no_typed_text_reaches_the_index_unquoted() -> None:
    for term in terms.parse('a"b OR {name}:x* zoran Ζωή 王'):
        for word in term.words:
            assert set(word.lexeme) <= set("abcdefghijklmnopqrstuvwxyz0123456789")


def test_what_no_place_is_called_so_takes_nothing_along() -> None:
    records.file(cases.filing(), by=Officer())
    assert list(queries.fitting(SearchQuery(place="нема га"), Record.objects.all())) == []

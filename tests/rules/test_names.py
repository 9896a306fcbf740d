"""Names of every citizen pass as they are; slips of the hand do not."""

import pytest

from registration.rules import names, scripts


def found(name: str) -> list[tuple[str, bool]]:
    return [(finding.code, finding.blocking) for finding in names.check(name, "surname")]


@pytest.mark.parametrize(
    "name",
    [
        "Петровић",
        "Petrović-Njegoš",
        "Nagy Győző",
        "Ľudovít Štúr",
        "Mușatescu",
        "D'Angelo",
        "O’Brien",
        "Ана Марија",
        "Ђорђе",
        "Æthelred",
        "Jr.",
        "Ъонев",
        "",
    ],
)
def test_a_name_passes(name: str) -> None:
    assert found(name) == []


@pytest.mark.parametrize(
    "name", ["Petrovi4", "Petro\u200bvić", "Petrović\n", "Петро\u0000вић", "Ⅳ"]
)
def test_digits_and_invisible_characters_are_refused(name: str) -> None:
    assert found(name) == [("surname-with-digit-or-control", True)]


@pytest.mark.parametrize("name", ["Petrović@", "Petrović / Jović", "<b>"])
def test_unusual_characters_are_to_be_confirmed(name: str) -> None:
    assert found(name) == [("surname-with-unusual-characters", False)]


@pytest.mark.parametrize("name", ["Петроvić", "Ana-Маrija"])
def test_two_scripts_in_one_word_are_to_be_confirmed(name: str) -> None:
    assert found(name) == [("surname-in-two-scripts", False)]


def test_each_name_may_be_in_its_own_script() -> None:
    assert found("Nagy Петровић") == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ǈubica", "Ljubica"),
        ("ǌegoš", "njegoš"),
        ("Ǆemal", "DŽemal"),
        ("  Ана   Марија ", "Ана Марија"),
        ("Jovanovic\u0301", "Jovanović"),
        ("O’Brien", "O’Brien"),
        ("ﬁ", "ﬁ"),
    ],
)
def test_one_spelling_for_what_looks_the_same(typed: str, kept: str) -> None:
    assert names.clean(typed) == kept


def test_the_sentence_shows_where_the_invisible_character_is() -> None:
    (finding,) = names.check("Petro\u200bvić", "surname")
    assert finding.sentence == (
        "“Petro�vić” holds a digit or an invisible character: delete the name and type it as it"
        " stands on the identity card."
    )


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("Његош", "Njegoš"),
        ("ЊЕГОШ", "NJEGOŠ"),
        ("КОЊ", "KONJ"),
        ("Љ", "Lj"),
        ("Љ. Петровић", "Lj. Petrović"),
        ("Џон и ЏОН", "Džon i DŽON"),
        ("ДОЊИ ЉУБЕШ", "DONJI LJUBEŠ"),
        ("Ђорђе Ћирић, 12а", "Đorđe Ćirić, 12a"),
        ("Кликните на %(name)s да…", "Kliknite na %(name)s da…"),
        ("Nagy Győző", "Nagy Győző"),
    ],
)
def test_cyrillic_becomes_latin(cyrillic: str, latin: str) -> None:
    assert scripts.to_latin(cyrillic) == latin


def test_the_whole_alphabet() -> None:
    assert scripts.to_latin("абвгдђежзијклљмнњопрстћуфхцчџш") == (
        "abvgdđežzijklljmnnjoprstćufhcčdžš"
    )

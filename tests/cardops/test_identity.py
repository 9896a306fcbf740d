"""The identity applet, read through pcscd; and whose card it is."""

from dataclasses import replace
from datetime import date

import pytest

from cardops import identity
from cardops.channel import Channel
from cardops.identity import IdentityCard
from cardops.identity.comparison import differences
from cardops.transport import Connection
from cardops.virtual.people import PEOPLE

MILICA = PEOPLE["milica"]


@pytest.fixture
def read(connection: Connection) -> IdentityCard:
    return identity.read(Channel(connection))


@pytest.mark.card
def test_the_card_says_who_it_belongs_to(read: IdentityCard) -> None:
    assert (read.person.surname, read.person.given_name) == ("Ђорђевић", "Милица")
    assert (read.person.jmbg, read.person.born_on) == (MILICA.jmbg, date(1990, 1, 1))
    assert read.document.registration_number == MILICA.document_number
    assert (read.document.issued_on, read.document.expires_on) == (
        date(2022, 3, 15),
        date(2032, 3, 15),
    )
    assert (read.residence.street, read.residence.number) == ("Zmaj Jovina", "12")
    assert read.portrait.startswith(b"\xff\xd8\xff")
    assert read.portrait.endswith(b"\xff\xd9")


@pytest.mark.card
def test_a_card_survives_its_way_as_json(read: IdentityCard) -> None:
    assert IdentityCard.from_json(read.to_json()) == read


@pytest.mark.card
def test_script_case_and_spaces_make_no_difference(read: IdentityCard) -> None:
    typed = {"surname": "ĐORĐEVIĆ", "given_name": " milica ", "jmbg": MILICA.jmbg}
    assert differences(typed, read) == ()


@pytest.mark.card
def test_another_number_or_name_does(read: IdentityCard) -> None:
    typed = {"surname": "Đorđić", "jmbg": "0101990600008", "given_name": "Милица"}
    assert set(differences(typed, read)) == {"surname", "jmbg"}
    other = replace(read, document=replace(read.document, registration_number="001234567"))
    assert differences({"document_number": MILICA.document_number}, other) == ("document_number",)

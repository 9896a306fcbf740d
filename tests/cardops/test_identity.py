"""The identity applet of every kind of card, read through pcscd; and whose card it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cardops import errors, identity, transport
from cardops.channel import Channel
from cardops.identity import IdentityCard, Kind, files
from cardops.identity.comparison import differences
from cardops.transport import Connection
from cardops.virtual.card import VirtualCard
from cardops.virtual.control import Control
from cardops.virtual.make import Make
from cardops.virtual.ministry import Ministry
from cardops.virtual.people import PEOPLE
from cardops.virtual.piv import Memory
from tests.reader import put_in

MILICA, MINISTRY = PEOPLE["milica"], Ministry.new()
SERBIAN = {"surname": "Јовановић", "given_name": "Драгана Марија"}


@contextmanager
def connected(reader: Control, person: str = "milica", **made: object) -> Iterator[Connection]:
    put_in(reader, person, **made)
    connection = transport.connect()
    yield connection
    connection.close()


def of(reader: Control, person: str = "milica", **made: object) -> IdentityCard:
    with connected(reader, person, **made) as connection:
        return identity.read(Channel(connection), atr=connection.atr)


def told(person: str = "milica", **made: Any) -> IdentityCard:
    """Read a card without a reader: what it says does not depend on one."""
    card = VirtualCard(PEOPLE[person], Memory(), Make(**made), MINISTRY)
    return identity.read(Channel(card), atr=card.made.atr)


@pytest.fixture(scope="module")
def read() -> IdentityCard:
    return told()


@pytest.mark.card
def test_the_card_says_who_it_belongs_to(reader: Control) -> None:
    read = of(reader)
    assert (read.person.surname, read.person.given_name) == ("Ђорђевић", "Милица")
    assert (read.person.jmbg, read.person.born_on) == (MILICA.jmbg, date(1990, 1, 1))
    assert (read.person.country_code, read.person.nationality) == ("SRB", "")
    assert read.document.registration_number == MILICA.document_number
    assert (read.document.issued_on, read.document.expires_on) == (
        date(2022, 3, 15),
        date(2032, 3, 15),
    )
    assert (read.document.name, read.document.chip_serial) == ("ЛИЧНА КАРТА", MILICA.chip_serial)
    assert (read.residence.street, read.residence.number) == ("Zmaj Jovina", "12")
    assert (read.residence.label, read.residence.since) == ("1", date(2019, 4, 20))
    assert read.portrait.startswith(b"\xff\xd8\xff")
    assert read.portrait.endswith(b"\xff\xd9")
    assert read.kind == Kind.CITIZEN


@pytest.mark.card
@pytest.mark.parametrize("kind", [Kind.FOREIGNER, Kind.RESIDENCE_PERMIT])
def test_a_foreigner_has_an_application_of_their_own(reader: Control, kind: Kind) -> None:
    read = of(reader, "anna", identity=kind)
    assert read.kind == kind
    assert (read.person.surname, read.person.country_code) == ("Nováková", "CZE")
    assert read.person.foreigner_status == "stalno nastanjenje"
    assert read.person.nationality == "Republika Češka"


@pytest.mark.parametrize("tag", [1681, 1689])
def test_the_chip_has_its_serial_under_either_tag(tag: int) -> None:
    document = file("0F02", tlv(1546, b"001234567") + tlv(tag, b"00FF"))
    assert told(files={"0F02": document}).document.chip_serial == "00FF"


@pytest.mark.parametrize("person", ["anna", "dragana", "milica"])
def test_a_card_survives_its_way_as_json(person: str) -> None:
    read = told(person, identity="old" if person == "dragana" else "foreigner")
    assert IdentityCard.from_json(read.to_json()) == read


# the card of 2008


@pytest.mark.card
def test_a_card_of_2008_is_read_and_known_for_what_it_is(reader: Control) -> None:
    with connected(reader, "dragana", identity="old") as connection:
        assert connection.atr == files.OLD_ATR
        read = identity.read(Channel(connection), atr=connection.atr)
        assert identity.read(Channel(connection)) == read
    assert (read.kind, read.person.given_name) == (Kind.OLD, "Драгана Ма")
    assert read.portrait.startswith(b"\xff\xd8\xff")
    assert (read.authenticity, read.proof.reason) == ("cannot-tell", "old-card")


def test_a_card_of_2008_is_read_as_far_as_it_goes() -> None:
    spoiled = {"0F03": "0F0300000900010203", "0F04": "", "0F06": "0F060000FFFF"}
    read = told("dragana", identity="old", files=spoiled)
    assert read.document.registration_number == PEOPLE["dragana"].document_number
    assert (read.person.surname, read.residence.place, read.portrait) == ("", "", b"")


# garbage


def tlv(tag: int, value: bytes) -> bytes:
    return tag.to_bytes(2, "little") + len(value).to_bytes(2, "little") + value


def file(name: str, body: bytes, size: int | None = None) -> str:
    told = len(body) if size is None else size
    return name + told.to_bytes(2, "little").hex() + body.hex()


GARBAGE = {
    "no header": ("0F03", "0F03", "length"),
    "nothing in it": ("0F03", file("0F03", b""), "empty"),
    "zeros": ("0F02", file("0F02", bytes(40)), "empty"),
    "ends before it says": ("0F03", file("0F03", tlv(1558, b"1"), 300), "cut"),
    "longer than can be read": ("0F06", file("0F06", bytes(9), 0xFFFF), "length"),
    "value beyond the end": ("0F03", file("0F03", b"\x16\x06\xff\x00abc"), "cut"),
    "tag without a length": ("0F04", file("0F04", tlv(1568, b"RS") + b"\x21\x06"), "cut"),
    "no UTF-8": ("0F03", file("0F03", tlv(1559, b"\xc3\x28")), "text"),
    "no picture": ("0F06", file("0F06", tlv(1584, b"GIF89a")), "picture"),
    "no file": ("0F04", "", "missing"),
}


@pytest.mark.parametrize("what", GARBAGE)
def test_garbage_is_told_by_file(what: str) -> None:
    name, content, reason = GARBAGE[what]
    with pytest.raises(errors.IdentityFileError) as fault:
        told(files={name: content})
    assert (fault.value.facts["file"], fault.value.facts["reason"]) == (name, reason)


def test_zeros_after_the_last_value_are_no_fault() -> None:
    padded = file("0F03", tlv(1559, b"Petrovi\xc4\x87") + bytes(3))
    assert told(files={"0F03": padded}).person.surname == "Petrović"


class Chatty:
    """A card that answers every command well, each time with the same bytes."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer

    def transmit(self, _apdu: bytes) -> bytes:
        return self.answer + b"\x90\x00"


@pytest.mark.parametrize("size", [0, 3, 5, 400])
def test_an_answer_of_another_length_is_a_fault(size: int) -> None:
    with pytest.raises(errors.IdentityFileError) as fault:
        identity.read(Channel(Chatty(bytes(size))))
    assert fault.value.facts == {"file": "0F02", "reason": "length" if size == 3 else "cut"}


def test_a_card_without_an_identity_application_is_unknown() -> None:
    with pytest.raises(errors.UnknownCardError):
        told(files={"0F02": ""})


# whose it is


def test_script_case_and_spaces_make_no_difference(read: IdentityCard) -> None:
    typed = {"surname": "ĐORĐEVIĆ", "given_name": " milica\u00a0", "jmbg": MILICA.jmbg}
    assert differences(typed, read) == ()


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Njegoš-Ljubić", "Његош – Љубић"),
        ("DŽAJIĆ", "Џајић"),
        ("c\u030carnic\u0301", "Чарнић"),
        ("Petro\u00advić", "ПЕТРОВИЋ"),
    ],
)
def test_letters_are_compared_as_they_sound(read: IdentityCard, typed: str, written: str) -> None:
    other = replace(read, person=replace(read.person, surname=written))
    assert differences({"surname": typed}, other) == ()


def test_another_number_or_name_does(read: IdentityCard) -> None:
    typed = {"surname": "Đorđić", "jmbg": "0101990600008", "given_name": "Милица"}
    assert set(differences(typed, read)) == {"surname", "jmbg"}
    other = replace(read, document=replace(read.document, registration_number="001234567"))
    assert differences({"document_number": MILICA.document_number}, other) == ("document_number",)


def test_an_old_card_cuts_a_second_name_to_two_letters() -> None:
    read = told("dragana", identity="old")
    assert differences(SERBIAN, read) == ()
    assert differences({"given_name": "Dragana Marta"}, read) == ()
    assert differences({"given_name": "Dragana Ljiljana"}, cut(read, "Драгана Љи")) == ()
    for other in ("Dragana", "Dragana Ivana", "Dr Marija", "Dragana Marija Ana", ""):
        assert differences({"given_name": other}, read) == ("given_name",)
    longer = cut(read, "Драгана Мар")
    assert differences({"given_name": "Dragana Marija"}, longer) == ("given_name",)


def test_a_newer_card_does_not(read: IdentityCard) -> None:
    assert differences({"given_name": "Драгана Марија"}, cut(read, "Драгана Ма")) == ("given_name",)


def cut(read: IdentityCard, name: str) -> IdentityCard:
    return replace(read, person=replace(read.person, given_name=name))

"""The subject says who the person is, and never more than fits."""

import json

import pytest
from asn1crypto import x509 as names
from cryptography import x509

from registration.ca import profiles, statements, subject
from registration.ca.errors import CARefusedError
from tests.ca.cards import Card, subject_of

C, GN, SN, SERIAL, CN = "2.5.4.6", "2.5.4.42", "2.5.4.4", "2.5.4.5", "2.5.4.3"


def common_name(given_name: str, surname: str) -> str:
    return subject.build(given_name, surname, "0101990610020", "001234567")[-1][1]


def test_one_rdn_each_in_order() -> None:
    assert subject.build("Петар", "Петровић", "0101990610020", "001234567") == (
        (C, "RS"),
        (GN, "Петар"),
        (SN, "Петровић"),
        (SERIAL, "PNORS-0101990610020"),
        (SERIAL, "CA:RS-001234567"),
        (CN, "Петар Петровић"),
    )


def test_the_identifiers_may_share_one_rdn() -> None:
    built = subject.build("Петар", "Петровић", "0101990610020", "001234567", one_rdn=True)
    assert built == (
        (C, "RS"),
        (GN, "Петар"),
        (SN, "Петровић"),
        (SERIAL, "PNORS-0101990610020", SERIAL, "CA:RS-001234567"),
        (CN, "Петар Петровић"),
    )


def test_a_person_may_have_one_name_only() -> None:
    built = subject.build("", "Aishwarya", "0101990610020", "001234567")
    assert [oid for oid, _ in built] == [C, SN, SERIAL, SERIAL, CN]
    assert built[-1] == (CN, "Aishwarya")


def test_but_not_none() -> None:
    with pytest.raises(CARefusedError) as refusal:
        subject.build("", "", "0101990610020", "001234567")
    assert refusal.value.reason == "person-without-name"


@pytest.mark.parametrize(
    ("given_name", "surname", "expected"),
    [
        ("Petar", "Petrović", "Petar Petrović"),
        ("Александра", "Стефановић-Обрадовић", "Александра Стефановић-Обрадовић"),
        ("Александра Јована", "Стефановић-Обрадовић", "Александра Стефановић-Обрадовић"),
        ("Александра", "Стефановић-Милутиновић", "Александра Стефановић-Милутиновић"),
        ("Ана", "Ш" * 30, f"А. {'Ш' * 30}"),
        ("Ана", "Ш" * 32, "Ш" * 32),
        ("Ана", "Ш" * 40, "Ш" * 16),
    ],
)
def test_the_common_name_takes_the_longest_form_that_fits(
    given_name: str, surname: str, expected: str
) -> None:
    assert common_name(given_name, surname) == expected
    assert len(expected.encode()) <= 64


@pytest.mark.parametrize("one_rdn", [False, True])
def test_a_name_survives_its_encoding(*, one_rdn: bool) -> None:
    built = subject.build("Ödön", "Nagy-Kovács", "0101990610020", "001234567", one_rdn=one_rdn)
    assert subject_of(subject.name(built)) == built
    assert subject.restore(json.loads(json.dumps(built))) == built


@pytest.mark.parametrize("number", ["001234567", "A" * 16])
def test_der_sorts_what_shares_an_rdn_and_the_name_stays_the_same(number: str) -> None:
    """X.690 section 11.6: the shorter encoding is first; asn1crypto sorts the same, unasked."""
    card = Card(subject.build("Ана", "Анић", "0101990610070", number, one_rdn=True))
    encoded = x509.load_der_x509_csr(card.csr()).subject
    short, long = sorted(("PNORS-0101990610070", f"CA:RS-{number}"), key=len)
    assert subject_of(encoded)[3] == (SERIAL, short, SERIAL, long)
    assert encoded == subject.name(card.subject)
    part = names.Name.load(encoded.public_bytes()).chosen[3]
    turned = names.RelativeDistinguishedName(reversed(list(part)))
    assert turned.dump() == part.dump()


def test_one_rdn_is_another_name_than_two() -> None:
    people = ("Ана", "Анић", "0101990610070", "001234567")
    one, two = (subject.name(subject.build(*people, one_rdn=each)) for each in (True, False))
    assert one != two
    assert [subject.shares_rdn(each) for each in (one, two)] == [True, False]


@pytest.mark.parametrize("parts", [((C, "Serbia"),), ((C,),), ((C, "RS", SERIAL),)])
def test_a_subject_that_is_none_is_refused(parts: tuple[tuple[str, ...], ...]) -> None:
    with pytest.raises(CARefusedError):
        subject.name(parts)


def test_the_statements_survive_their_encoding() -> None:
    wanted = profiles.load(profiles.STRICT_SIGNING).statements
    found = statements.decode(statements.encode(wanted).value)
    assert found.purposes == (wanted.purpose,)
    assert found.disclosure == wanted.disclosure
    assert found.identifiers == {
        statements.SYNTAX_V2,
        statements.COMPLIANCE,
        statements.ON_DEVICE,
        statements.DISCLOSURE,
        statements.PURPOSE,
    }


def test_noise_is_no_statements() -> None:
    with pytest.raises(ValueError, match="asn1"):
        statements.decode(b"noise")

"""The subject says who the person is, and never more than fits."""

import pytest
from cryptography import x509

from registration.ca import profiles, statements, subject
from registration.ca.errors import CARefusedError

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


def test_a_name_survives_its_encoding() -> None:
    built = subject.build("Ödön Győző", "Nagy-Kovács", "0101990610020", "001234567")
    assert subject.read(subject.name(built)) == built


def test_a_name_with_several_values_in_one_rdn_is_not_ours() -> None:
    attributes = [x509.NameAttribute(x509.NameOID.SERIAL_NUMBER, text) for text in "ab"]
    assert subject.read(x509.Name([x509.RelativeDistinguishedName(attributes)])) is None


def test_a_subject_that_is_none_is_refused() -> None:
    with pytest.raises(CARefusedError):
        subject.name(((C, "Serbia"),))


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

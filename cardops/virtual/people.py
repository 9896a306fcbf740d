"""Synthetic people for the virtual card: nobody has these numbers."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class SyntheticPerson:
    """What the identity applet of a virtual card holds; names in Cyrillic as on real cards."""

    given_name: str = "Милица"
    surname: str = "Ђорђевић"
    parent_name: str = "Петар"
    sex: str = "Ž"
    jmbg: str = "0101990610020"
    born_on: str = "01011990"
    place_of_birth: str = "Novi Sad"
    municipality_of_birth: str = "Novi Sad"
    state_of_birth: str = "Republika Srbija"
    document_number: str = "009876543"
    chip_serial: str = "00A1B2C3D4E5F601"
    issued_on: str = "15032022"
    expires_on: str = "15032032"
    authority: str = "PU Novi Sad"
    country_code: str = "SRB"
    foreigner_status: str = ""
    nationality: str = ""
    residence: dict[int, str] = field(
        default_factory=lambda: {
            1568: "Republika Srbija",
            1569: "Novi Sad",
            1570: "Novi Sad",
            1571: "Zmaj Jovina",
            1572: "12",
            1573: "A",
            1574: "",
            1575: "3",
            1578: "14",
            1580: "20042019",
            1581: "1",
        }
    )


PEOPLE = {
    "milica": SyntheticPerson(),
    "marko": SyntheticPerson(
        given_name="Марко",
        surname="Петровић",
        parent_name="Јован",
        sex="M",
        jmbg="0101990600008",
        document_number="001234567",
        chip_serial="00A1B2C3D4E5F602",
    ),
    "anna": SyntheticPerson(
        given_name="Anna",
        surname="Nováková",
        parent_name="Jan",
        jmbg="0101990660060",
        state_of_birth="Republika Češka",
        document_number="004567891",
        chip_serial="00A1B2C3D4E5F603",
        country_code="CZE",
        foreigner_status="stalno nastanjenje",
        nationality="Republika Češka",
    ),
    "dragana": SyntheticPerson(
        given_name="Драгана Ма",
        surname="Јовановић",
        parent_name="Милан",
        jmbg="0101990610038",
        document_number="002345678",
        chip_serial="00A1B2C3D4E5F604",
        issued_on="10062012",
        expires_on="10062022",
    ),
}

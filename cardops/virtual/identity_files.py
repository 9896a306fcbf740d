"""What the files of a virtual card's identity application hold, honest or forged."""

from dataclasses import replace

from cryptography import x509
from cryptography.x509.oid import NameOID

from cardops.virtual import portrait
from cardops.virtual.make import OLD, Make
from cardops.virtual.ministry import Ministry
from cardops.virtual.people import SyntheticPerson

_DOCUMENT, _PERSON, _RESIDENCE, _PORTRAIT = (
    bytes.fromhex(name) for name in ("0F02", "0F03", "0F04", "0F06")
)
_FIXED_HASHES, _VARIABLE_HASHES = bytes.fromhex("0F1C"), bytes.fromhex("0F1D")
_FORGED_SURNAME = "Фалсификат"


def files(person: SyntheticPerson, make: Make, ministry: Ministry) -> dict[bytes, bytes]:
    """Return id → content with header."""
    made = _data(person, make)
    if make.identity != OLD and make.forged != "unsigned":
        made |= _signed(made, make, _signer(person, make, ministry))
    if make.forged == "surname":
        forged = replace(person, surname=_FORGED_SURNAME)
        made[_PERSON] = _data(forged, make)[_PERSON]
    made |= {bytes.fromhex(name): bytes.fromhex(text) for name, text in make.files.items()}
    return {name: content for name, content in made.items() if content}


def _signer(person: SyntheticPerson, make: Make, ministry: Ministry) -> Ministry:
    if make.forged == "holder":
        return ministry.with_signer(_holder(person))
    return Ministry.new() if make.forged == "signer" else ministry


def _holder(person: SyntheticPerson) -> x509.Name:
    named = {NameOID.SURNAME: person.surname, NameOID.GIVEN_NAME: person.given_name}
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in named.items()])


def _data(person: SyntheticPerson, make: Make) -> dict[bytes, bytes]:
    bodies = {
        _DOCUMENT: _tags(_document(person)),
        _PERSON: _tags(_person(person)),
        _RESIDENCE: _tags(person.residence),
        _PORTRAIT: _inner(portrait.draw()),
    }
    return {name: _file(name, body, make) for name, body in bodies.items()}


def _signed(made: dict[bytes, bytes], make: Make, ministry: Ministry) -> dict[bytes, bytes]:
    fixed = ministry.sign(made[name] for name in (_DOCUMENT, _PERSON, _PORTRAIT))
    variable = ministry.sign([made[_RESIDENCE]])
    if make.forged == "signature":
        fixed = fixed[:-1] + bytes((fixed[-1] ^ 1,))
    return {
        _FIXED_HASHES: _file(_FIXED_HASHES, _inner(fixed), make),
        _VARIABLE_HASHES: _file(_VARIABLE_HASHES, _inner(variable), make),
    }


def _document(person: SyntheticPerson) -> dict[int, str]:
    return {
        1545: "SRB",
        1546: person.document_number,
        1547: "ID",
        1548: "",
        1549: person.issued_on,
        1550: person.expires_on,
        1551: person.authority,
        1681: person.chip_serial,
        1682: "ЛИЧНА КАРТА",
    }


def _person(person: SyntheticPerson) -> dict[int, str]:
    foreign = {1582: person.foreigner_status, 1583: person.nationality}
    return {
        1558: person.jmbg,
        1559: person.surname,
        1560: person.given_name,
        1561: person.parent_name,
        1562: person.sex,
        1563: person.place_of_birth,
        1564: person.municipality_of_birth,
        1565: person.state_of_birth,
        1566: person.born_on,
        1567: person.country_code,
    } | {tag: text for tag, text in foreign.items() if text}


def _tags(values: dict[int, str]) -> bytes:
    return b"".join(_headed(tag, text.encode()) for tag, text in values.items())


def _inner(content: bytes) -> bytes:
    return _headed(1584, content)


def _headed(tag: int, content: bytes) -> bytes:
    return tag.to_bytes(2, "little") + len(content).to_bytes(2, "little") + content


def _file(name: bytes, body: bytes, make: Make) -> bytes:
    before = name + b"\x00\x00" if make.identity == OLD else name
    return before + len(body).to_bytes(2, "little") + body

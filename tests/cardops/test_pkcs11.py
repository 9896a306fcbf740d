"""A card behind its vendor's module, by SoftHSM: keys that stay, certificates beside them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pkcs11
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from pkcs11 import Attribute, ObjectClass

from cardops import errors
from cardops.cards import key as keys
from cardops.cards import key_types
from cardops.cards.key_types import KeyType, PublicKey
from cardops.cards.pkcs11 import Place, Settings, TokenCard, opened, pairs
from cardops.cards.pkcs11.login import Digits
from cardops.cards.profile import Ability, PinStatus, Role
from tests.cardops import programs, softhsm
from tests.cardops.softhsm import PIN

EVERY_TYPE = pytest.mark.parametrize("key_type", list(KeyType), ids=lambda each: each.name)
READER = "a reader that SoftHSM does not name"
ID = "6f7665726101"  # of the first pair that signs
NEXT = ID + "01"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("SOFTHSM2_CONF", str(softhsm.configure(tmp_path)))
    return softhsm.add(tmp_path)


def certificate_of(public: PublicKey) -> bytes:
    return programs.certificate_for(public).public_bytes(Encoding.DER)


def make(card: TokenCard, key_type: KeyType = KeyType.P256, role: Role = Role.SIGNING) -> keys.Key:
    """Make a key under the PIN, as a session does."""

    def present() -> None:
        card.verify(bytearray(PIN))

    present()
    public = card.generate(role, key_type)
    before = present if card.wants_pin_each_time(role) else int
    return keys.on(keys.Chip(card, role, key_type, before), public)


def complete(card: TokenCard, key_type: KeyType = KeyType.P256, role: Role = Role.SIGNING) -> bytes:
    """Make a key and bring a certificate onto the token."""
    certificate = certificate_of(make(card, key_type, role).public_key())
    card.write_certificate(role, certificate)
    return certificate


def stored() -> list[tuple[str, str]]:
    """Return kind and identifier of all that lies on the token."""
    kinds = (ObjectClass.PRIVATE_KEY, ObjectClass.PUBLIC_KEY, ObjectClass.CERTIFICATE)
    with softhsm.session() as session:
        found = [
            (kind, each) for kind in kinds for each in session.get_objects({Attribute.CLASS: kind})
        ]
        return sorted((kind.name, each[Attribute.ID].hex()) for kind, each in found)


def pair(identifier: str) -> list[tuple[str, str]]:
    return [("PRIVATE_KEY", identifier), ("PUBLIC_KEY", identifier)]


def whole(identifier: str) -> list[tuple[str, str]]:
    return [("CERTIFICATE", identifier), *pair(identifier)]


# keys


@EVERY_TYPE
def test_a_key_is_made_and_its_signature_verifies(settings: Settings, key_type: KeyType) -> None:
    with opened(settings, READER) as card:
        key = make(card, key_type)
        signature = keys.sign(key, b"a message")
        key_types.verify(key.public_key(), signature, b"a message", key.chip.hash_algorithm)
    assert key_types.of(key.public_key()) == key_type
    assert stored() == pair(ID)


@EVERY_TYPE
def test_a_key_never_leaves_the_token(settings: Settings, key_type: KeyType) -> None:
    with opened(settings, READER) as card:
        make(card, key_type)
    secret = (
        Attribute.PRIVATE_EXPONENT
        if key_type in {KeyType.RSA2048, KeyType.RSA3072}
        else Attribute.VALUE
    )
    with softhsm.session() as session:
        private = session.get_key(ObjectClass.PRIVATE_KEY)
        with pytest.raises(pkcs11.AttributeSensitive):
            private[secret]
        with pytest.raises((pkcs11.AttributeReadOnly, pkcs11.PKCS11Error)):
            private[Attribute.EXTRACTABLE] = True
        wrapping = session.generate_key(pkcs11.KeyType.AES, 256)
        with pytest.raises(pkcs11.KeyUnextractable):
            wrapping.wrap_key(private, mechanism=pkcs11.Mechanism.AES_KEY_WRAP_PAD)


def test_a_key_that_could_leave_is_refused(settings: Settings) -> None:
    with softhsm.session() as session:
        loose = {Attribute.EXTRACTABLE: True}
        _public, private = session.generate_keypair(
            pkcs11.KeyType.RSA, 2048, id=b"x", private_template=loose
        )
        with pytest.raises(errors.KeyExposedError):
            pairs.require_protected(private)


def test_another_key_is_found_out(settings: Settings) -> None:
    with opened(settings, READER) as card:
        before = make(card)
        make(card)
        with pytest.raises(errors.KeyMismatchError):
            keys.sign(before, b"a message")


def test_without_a_key_nothing_signs(settings: Settings) -> None:
    with opened(settings, READER) as card:
        card.verify(bytearray(PIN))
        with pytest.raises(errors.KeyMismatchError):
            card.sign(Role.SIGNING, KeyType.P256, bytes(32), hashes.SHA256())


def test_without_the_pin_no_key_is_made(settings: Settings) -> None:
    with opened(settings, READER) as card, pytest.raises(errors.CardResetError):
        card.generate(Role.SIGNING, KeyType.P256)


def test_a_signing_key_can_want_the_pin_for_each_signature(settings: Settings) -> None:
    with opened(replace(settings, pin_each_signature=True), READER) as card:
        other = make(card, KeyType.P256, Role.AUTHENTICATION)
        key = make(card, KeyType.RSA2048)
        assert [card.wants_pin_each_time(role) for role in Role] == [True, False]
        keys.sign(key, b"one")
        keys.sign(key, b"two")
        keys.sign(other, b"three")
        with pytest.raises(errors.NotAvailableError):  # nobody typed
            card.sign(Role.SIGNING, KeyType.RSA2048, bytes(32), hashes.SHA256())


# certificates


@EVERY_TYPE
def test_a_certificate_lies_beside_its_key(settings: Settings, key_type: KeyType) -> None:
    with opened(settings, READER) as card:
        assert card.read_certificate(Role.SIGNING) is None
        certificate = complete(card, key_type)
    with opened(settings, READER) as card:  # and nobody logs in
        assert card.read_certificate(Role.SIGNING) == certificate
        assert card.read_certificate(Role.AUTHENTICATION) is None
    assert stored() == whole(ID)
    known = x509.load_der_x509_certificate(certificate)
    with softhsm.session() as session:
        (found,) = session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
        assert found[Attribute.SUBJECT] == known.subject.public_bytes()
        assert found[Attribute.ISSUER] == known.issuer.public_bytes()
        assert int.from_bytes(found[Attribute.SERIAL_NUMBER][2:], "big") == known.serial_number


@EVERY_TYPE
def test_pkcs11_tool_sees_and_uses_what_we_wrote(
    settings: Settings, tmp_path: Path, key_type: KeyType
) -> None:
    with opened(settings, READER) as card:
        certificate = complete(card, key_type)
    listed = softhsm.tool(tmp_path, "--list-objects", "--type", "privkey")
    assert f"ID:         {ID}" in listed
    assert "sensitive, always sensitive, never extractable, local" in listed
    softhsm.tool(tmp_path, "--read-object", "--type", "cert", "--id", ID, "-o", "read.der")
    assert (tmp_path / "read.der").read_bytes() == certificate
    assert "No errors" in softhsm.tool(tmp_path, "--test")


def test_a_certificate_of_another_key_is_refused(settings: Settings) -> None:
    foreign = ec.generate_private_key(ec.SECP256R1()).public_key()
    with opened(settings, READER) as card:
        make(card)
        with pytest.raises(errors.KeyMismatchError):
            card.write_certificate(Role.SIGNING, certificate_of(foreign))
        assert card.read_certificate(Role.SIGNING) is None


def test_two_roles_lie_side_by_side(settings: Settings) -> None:
    with opened(settings, READER) as card:
        written = {role: complete(card, KeyType.P384, role) for role in Role}
        assert {role: card.read_certificate(role) for role in Role} == written


# replacing


def test_an_old_pair_lives_until_the_new_certificate_is_there(settings: Settings) -> None:
    with opened(settings, READER) as card:
        old = complete(card)
        key = make(card)
        assert card.read_certificate(Role.SIGNING) == old
    assert stored() == sorted(whole(ID) + pair(NEXT))
    with opened(settings, READER) as card:
        card.verify(bytearray(PIN))
        new = certificate_of(key.public_key())
        card.write_certificate(Role.SIGNING, new)
        assert card.read_certificate(Role.SIGNING) == new
        keys.sign(replace_chip(key, card), b"a message")
    assert stored() == whole(NEXT)


def replace_chip(key: keys.Key, card: TokenCard) -> keys.Key:
    return keys.on(replace(key.chip, card=card), key.public_key())


def test_a_pair_that_got_no_certificate_makes_room_for_the_next(settings: Settings) -> None:
    with opened(settings, READER) as card:
        complete(card)
        make(card)
        make(card)
    assert stored() == sorted(whole(ID) + pair(NEXT))


def test_a_replacing_that_was_cut_off_is_finished(settings: Settings) -> None:
    """The new certificate is there, the old pair still too: writing again destroys it."""
    with opened(settings, READER) as card:
        old = complete(card)
        new = certificate_of(make(card).public_key())
    with softhsm.session() as session:
        attributes = pkcs11.util.x509.decode_x509_certificate(new) | {
            Attribute.TOKEN: True,
            Attribute.PRIVATE: False,
            Attribute.ID: bytes.fromhex(NEXT),
        }
        session.create_object(attributes)
    with opened(settings, READER) as card:
        assert card.read_certificate(Role.SIGNING) == old
        card.verify(bytearray(PIN))
        card.write_certificate(Role.SIGNING, new)
        assert card.read_certificate(Role.SIGNING) == new
    assert stored() == whole(NEXT)


def test_where_there_is_no_room_the_old_pair_goes_first(settings: Settings) -> None:
    with opened(replace(settings, beside=False), READER) as card:
        complete(card)
        make(card)
    assert stored() == pair(ID)


def test_what_others_keep_on_the_token_stays(settings: Settings) -> None:
    with softhsm.session() as session:
        session.generate_keypair(pkcs11.KeyType.RSA, 2048, id=b"overa", store=True)
    with opened(settings, READER) as card:
        complete(card)
        complete(card)
    assert stored() == sorted(pair(b"overa".hex()) + whole(NEXT))


# the PIN


def test_a_wrong_pin_costs_a_try_and_the_token_tells_what_it_can(settings: Settings) -> None:
    with opened(settings, READER) as card:
        assert card.pin_status() == PinStatus(3)
        with pytest.raises(errors.InvalidPinError) as refused:
            card.verify(bytearray(b"11111111"))
        assert refused.value.tries_left == 2
        assert card.pin_status() == PinStatus(2)
        card.verify(bytearray(PIN))
        assert card.pin_status() == PinStatus(3)


@pytest.mark.parametrize("typed", [b"", b"123", b"123456789", b"12a4"])
def test_what_is_no_pin_costs_no_try(settings: Settings, typed: bytes) -> None:
    with opened(settings, READER) as card:
        with pytest.raises(errors.PinLengthError) as refused:
            card.verify(bytearray(typed))
        assert refused.value.facts == {"least": 4, "most": 8}
        assert card.pin_status() == PinStatus(3)


def test_the_pin_is_changed(settings: Settings) -> None:
    with opened(settings, READER) as card:
        with pytest.raises(errors.InvalidPinError):
            card.change_pin(bytearray(b"11111111"), bytearray(b"2468"))
        card.change_pin(bytearray(PIN), bytearray(b"2468"))
        card.verify(bytearray(b"2468"))
        with pytest.raises(errors.InvalidPinError):
            card.verify(bytearray(PIN))


def test_the_security_officer_unblocks_where_the_settings_say_so(settings: Settings) -> None:
    with opened(settings, READER) as card:
        assert Ability.UNBLOCK not in card.abilities
        with pytest.raises(errors.NotAvailableError):
            card.unblock(softhsm.OFFICER, bytearray(b"2468"))
    with opened(replace(settings, so_pin_unblocks=True), READER) as card:
        assert Ability.UNBLOCK in card.abilities
        with pytest.raises(errors.InvalidPukError):
            card.unblock(b"0000000000", bytearray(b"2468"))
        card.unblock(softhsm.OFFICER, bytearray(b"2468"))
        card.verify(bytearray(b"2468"))


def test_a_reader_without_keys_takes_no_pin(settings: Settings) -> None:
    refusals: list[Callable[[TokenCard], None]] = [
        lambda card: card.verify_on(None),
        lambda card: card.change_pin_on(None),
        lambda card: card.unblock_on(None, b""),
    ]
    with opened(settings, READER) as card:
        for refused in refusals:
            with pytest.raises(errors.NotAvailableError):
                refused(card)


def test_the_library_is_lent_the_pin_and_makes_no_copy() -> None:
    pin = bytearray(PIN)
    assert Digits(pin).encode("utf-8") is pin


def test_nobody_stays_logged_in(settings: Settings) -> None:
    with opened(settings, READER) as card:
        key = make(card)
        card.leave()
        with pytest.raises(errors.KeyMismatchError):  # private keys cannot even be seen
            keys.sign(key, b"a message")
    with opened(settings, READER) as card, pytest.raises(errors.KeyMismatchError):
        keys.sign(replace_chip(key, card), b"a message")


# the module


def test_a_module_that_is_not_installed_is_named(settings: Settings) -> None:
    with pytest.raises(errors.ModuleMissingError), opened(Settings("/nowhere.so"), READER):
        pass


def test_a_token_that_is_not_there_is_named(settings: Settings) -> None:
    for missing in (replace(settings, token="Pasos"), Settings(softhsm.MODULE)):
        with pytest.raises(errors.TokenMissingError), opened(missing, READER):
            pass


def test_between_two_tokens_nobody_guesses(settings: Settings, tmp_path: Path) -> None:
    softhsm.add(tmp_path)
    with pytest.raises(errors.TokenAmbiguousError), opened(settings, READER):
        pass


# settings


def test_settings_are_read_from_the_desks_configuration() -> None:
    place = {"id": "0a", "label": "kscc01"}
    read = Settings.read({"module": "m.so", "places": {"signing": place}, "beside": False})
    assert read.places[Role.SIGNING] == Place(b"\n", "kscc01")
    assert read.places[Role.AUTHENTICATION] == Settings("m.so").places[Role.AUTHENTICATION]
    assert (read.module, read.token, read.beside) == ("m.so", None, False)


@pytest.mark.parametrize(
    ("signing", "authentication"), [("01", "01"), ("01", "0102"), ("02", "02")]
)
def test_roles_that_share_identifiers_are_refused(signing: str, authentication: str) -> None:
    places = {
        "signing": {"id": signing, "label": ""},
        "authentication": {"id": authentication, "label": ""},
    }
    with pytest.raises(ValueError, match="not apart"):
        Settings.read({"module": "m.so", "places": places})

"""A vendor's module beside our own PC/SC: whose card it is, whether it stays, what is written."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from cardops import errors, transport
from cardops.agent.configuration import Configuration
from cardops.cards import key as keys
from cardops.cards import key_types
from cardops.cards.access import Middleware, OwnCommands
from cardops.cards.key_types import KeyType
from cardops.cards.piv import FACTORY_MANAGEMENT_KEY, TRANSPORT_PIN
from cardops.cards.pkcs11 import Place, Settings, opened
from cardops.cards.profile import Ability, CardProfile, PinStatus, Role
from cardops.channel import Channel
from cardops.personalise.session import Session
from cardops.virtual.control import Control
from registration.ca import keys as bodies
from tests.cardops import applications, issuing, programs, softhsm
from tests.reader import put_back, put_in, take_out

pytestmark = pytest.mark.card

EVERY_TYPE = pytest.mark.parametrize("key_type", list(KeyType), ids=lambda each: each.name)
ROLES = pytest.mark.parametrize("role", list(Role))
SLOTS = {Role.AUTHENTICATION: Place(b"\x01", "9A"), Role.SIGNING: Place(b"\x02", "9C")}
OPENSC = Settings("opensc-pkcs11.so", places=SLOTS)  # as OpenSC numbers the slots of a PIV card


def nothing(_channel: Channel) -> None:
    """Whoever's card this is, it is the right one."""


@pytest.fixture
def token(card: Control, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Middleware:
    """The signing application of the identity card in the reader, as far as SoftHSM can be one."""
    monkeypatch.setenv("SOFTHSM2_CONF", str(softhsm.configure(tmp_path)))
    return Middleware(softhsm.add(tmp_path))


# a whole issuing


@pytest.mark.parametrize("key_type", bodies.CARD_KINDS)
def test_a_certificate_is_issued_through_a_module(
    token: Middleware, tmp_path: Path, key_type: str
) -> None:
    issued = issuing.issue(tmp_path, key_type, token)
    softhsm.tool(tmp_path, "--read-object", "--type", "cert", "--id", "6f7665726101", "-o", "der")
    assert (tmp_path / "der").read_bytes() == issued
    assert "No errors" in softhsm.tool(tmp_path, "--test")


def test_both_keys_of_a_case_are_made_under_one_pin(token: Middleware, tmp_path: Path) -> None:
    with issuing.begun(tmp_path, token) as desk:
        made = [issuing.make(*desk, "P-256", role) for role in Role]
    assert [each["pin_entries"] for each in made] == [1, 1]
    assert made[0]["public_key"] != made[1]["public_key"]
    assert private_keys(tmp_path) == 2


def test_an_interrupted_issuing_goes_on_with_the_same_key(
    token: Middleware, card: Control, tmp_path: Path
) -> None:
    def interrupt(session: Session) -> None:
        session.drop()
        take_out(card)
        put_back(card)

    issuing.issue(tmp_path, "P-256", token, interrupt)
    assert private_keys(tmp_path) == 1


def test_a_journaled_key_is_recognised_and_none_is_made_again(
    token: Middleware, tmp_path: Path
) -> None:
    with issuing.begun(tmp_path, token) as desk:
        made = issuing.make(*desk, "RSA-2048")
    with issuing.begun(tmp_path, token) as desk:
        assert issuing.make(*desk, "RSA-2048")["public_key"] == made["public_key"]
    other = Middleware(softhsm.add(tmp_path, "Druga karta"))
    with issuing.begun(tmp_path, other) as desk, pytest.raises(errors.KeyMismatchError):
        issuing.make(*desk, "RSA-2048")


_KILLED = """
import os, signal, sys
from pathlib import Path
from cardops.cards.access import Middleware, OwnCommands
from cardops.cards.pkcs11 import Settings
from tests.cardops import issuing, softhsm
with issuing.begun(Path(sys.argv[1]), Middleware(Settings(softhsm.MODULE, softhsm.LABEL))) as desk:
    issuing.make(*desk, "P-384")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_module_that_takes_the_desk_down_loses_no_key(token: Middleware, tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", _KILLED, tmp_path], timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL
    issuing.issue(tmp_path, "P-384", token)
    assert private_keys(tmp_path) == 1


def private_keys(folder: Path) -> int:
    listed = softhsm.tool(folder, "--list-objects", "--type", "privkey")
    return listed.count("Private Key Object")


def test_another_persons_card_is_refused_before_the_module_is_asked(
    token: Middleware, card: Control, tmp_path: Path
) -> None:
    put_in(card, "marko")
    with pytest.raises(errors.WrongCardError):
        issuing.issue(tmp_path, "P-256", token)
    assert "Object" not in softhsm.tool(tmp_path, "--list-objects")


def test_a_desk_opens_its_cards_as_its_configuration_says(tmp_path: Path) -> None:
    desk = {"code": "desk-1", "broker": "", "folder": "."}
    file = tmp_path / "desk.json"
    file.write_text(json.dumps(desk))
    assert Configuration.read(file).access == OwnCommands()
    file.write_text(json.dumps(desk | {"pkcs11": {"module": "vendor.so", "token": "LK"}}))
    assert Configuration.read(file).access == Middleware(Settings("vendor.so", "LK"))


# the witness


def test_a_card_that_was_away_is_another_card(token: Middleware, card: Control) -> None:
    connection = transport.connect()
    with token.opened(connection, nothing):
        token.require_alive(connection)
        take_out(card)
        put_back(card)
        with pytest.raises(errors.CardRemovedError):
            token.require_alive(connection)
    connection.close()


def test_a_removal_shows_even_when_a_reset_hides_it(token: Middleware, card: Control) -> None:
    connection = transport.connect()
    take_out(card)
    put_back(card)
    transport.connect().close(reset=True)
    with pytest.raises(errors.CardRemovedError):
        token.require_alive(connection)
    connection.close()


def test_a_module_may_reset_the_card(token: Middleware, card: Control) -> None:
    connection = transport.connect()
    transport.connect().close(reset=True)
    with pytest.raises(errors.CardResetError):
        connection.require_alive()
    token.require_alive(connection)
    connection.close()


def test_a_card_that_changes_while_the_module_opens_is_refused(
    token: Middleware, card: Control
) -> None:
    def swap(_channel: Channel) -> None:
        put_in(card, "marko")

    connection = transport.connect()
    with pytest.raises(errors.CardRemovedError), token.opened(connection, swap):
        pass
    connection.close()


# OpenSC's module over the virtual PIV card


def write(role: Role, key_type: KeyType) -> x509.Certificate:
    """Bring key and certificate onto the PIV card by our own commands."""
    connection = transport.connect()
    piv = applications.piv(Channel(connection))
    piv.authenticate(FACTORY_MANAGEMENT_KEY)
    certificate = programs.certificate_for(piv.generate(role, key_type))
    piv.write_certificate(role, certificate.public_bytes(Encoding.DER))
    piv.mark_personalised()
    connection.close()
    return certificate


@contextmanager
def opensc() -> Iterator[CardProfile]:
    """Open the card through OpenSC, by its reader's name."""
    connection = transport.connect()
    with Middleware(OPENSC).opened(connection, nothing) as card:
        yield card
    connection.close()


@EVERY_TYPE
@ROLES
def test_opensc_reads_and_signs(card: Control, role: Role, key_type: KeyType) -> None:
    certificate = write(role, key_type)
    public = key_types.require(certificate.public_key(), key_type)
    with opensc() as token:
        assert token.read_certificate(role) == certificate.public_bytes(Encoding.DER)
        token.verify(bytearray(TRANSPORT_PIN))
        assert token.wants_pin_each_time(role) == (role == Role.SIGNING)
        key = keys.on(keys.Chip(token, role, key_type, int), public)
        keys.sign(key, b"a message")


@pytest.mark.parametrize(("number", "label"), [(0, "Petar"), (1, None), (1, "Марко")])
def test_a_token_in_another_reader_is_not_taken(
    card: Control, number: int, label: str | None
) -> None:
    write(Role.SIGNING, KeyType.P256)  # and the token is called Марко, by the certificate
    names = transport.readers()
    with opened(replace(OPENSC, token="Марко"), names[0]):
        pass
    with (
        pytest.raises(errors.TokenMissingError),
        opened(replace(OPENSC, token=label), names[number]),
    ):
        pass


def test_opensc_counts_tries_down_to_the_last_and_blocks(card: Control) -> None:
    write(Role.SIGNING, KeyType.P256)
    with opensc() as token:
        for left in (2, 1):
            with pytest.raises(errors.InvalidPinError) as refused:
                token.verify(bytearray(b"11111111"))
            assert refused.value.tries_left == left
        assert token.pin_status() == PinStatus(1)
        with pytest.raises(errors.PinBlockedError):
            token.verify(bytearray(b"11111111"))
        assert token.pin_status().blocked
    assert card.status()["pin_left"] == 0
    with opensc() as token:
        assert token.pin_status().blocked


def test_opensc_changes_the_pin(card: Control) -> None:
    write(Role.SIGNING, KeyType.P256)
    with opensc() as token:
        token.change_pin(bytearray(TRANSPORT_PIN), bytearray(b"654321"))
        token.verify(bytearray(b"654321"))
    connection = transport.connect()
    applications.piv(Channel(connection)).verify(bytearray(b"654321"))
    connection.close()


def test_opensc_makes_no_keys_and_says_so(card: Control) -> None:
    certificate = write(Role.SIGNING, KeyType.P256).public_bytes(Encoding.DER)
    with opensc() as token:
        assert token.abilities == {Ability.CHANGE_PIN}
        token.verify(bytearray(TRANSPORT_PIN))
        with pytest.raises(errors.NotAvailableError):
            token.generate(Role.SIGNING, KeyType.P256)
        with pytest.raises(errors.NotAvailableError):
            token.write_certificate(Role.SIGNING, certificate)


def test_no_pin_stays_on_the_card(card: Control) -> None:
    write(Role.AUTHENTICATION, KeyType.P256)
    with opensc() as token:
        token.verify(bytearray(TRANSPORT_PIN))
    connection = transport.connect()
    piv = applications.piv(Channel(connection))
    with pytest.raises(errors.ApduError):
        piv.sign(Role.AUTHENTICATION, KeyType.P256, bytes(32), hashes.SHA256())
    connection.close()

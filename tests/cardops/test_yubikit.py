"""Yubico's library drives our virtual card: it is a PIV card, not only ours."""

from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from smartcard.System import readers
from ykman.pcsc import ScardSmartCardConnection
from yubikit.core.smartcard import ApduError
from yubikit.piv import (
    KEY_TYPE,
    MANAGEMENT_KEY_TYPE,
    OBJECT_ID,
    PIN_POLICY,
    SLOT,
    InvalidPinError,
    PivSession,
)

from cardops.cards import key_types
from cardops.cards.piv import FACTORY_MANAGEMENT_KEY, TRANSPORT_PIN
from cardops.virtual.control import Control
from tests.cardops import programs

pytestmark = pytest.mark.card

PIN, PUK = TRANSPORT_PIN.decode(), "12345678"
EVERY_TYPE = pytest.mark.parametrize(
    "key_type", [KEY_TYPE.RSA2048, KEY_TYPE.RSA3072, KEY_TYPE.ECCP256, KEY_TYPE.ECCP384]
)
MESSAGE = b"a message"


@pytest.fixture
def session(card: Control) -> Iterator[PivSession]:
    connection = readers()[0].createConnection()
    connection.connect()
    session = PivSession(ScardSmartCardConnection(connection))
    session.authenticate(FACTORY_MANAGEMENT_KEY)
    yield session
    connection.disconnect()
    connection.release()


@EVERY_TYPE
def test_it_makes_a_key_and_signs(session: PivSession, key_type: KEY_TYPE) -> None:
    public = session.generate_key(SLOT.SIGNATURE, key_type)
    algorithm = hashes.SHA384() if key_type == KEY_TYPE.ECCP384 else hashes.SHA256()
    how = (SLOT.SIGNATURE, key_type, MESSAGE, algorithm, padding.PKCS1v15())
    session.verify_pin(PIN)
    key_types.verify(public, session.sign(*how), MESSAGE, algorithm)
    with pytest.raises(ApduError):  # the PIN counts once
        session.sign(*how)


@EVERY_TYPE
def test_it_reads_what_the_card_says_of_a_key(session: PivSession, key_type: KEY_TYPE) -> None:
    public = session.generate_key(SLOT.SIGNATURE, key_type)
    found = session.get_slot_metadata(SLOT.SIGNATURE)
    assert (found.key_type, found.public_key, found.generated) == (key_type, public, True)
    assert found.pin_policy == PIN_POLICY.ALWAYS


@pytest.mark.parametrize("compress", [False, True])
@EVERY_TYPE
def test_it_stores_reads_and_deletes_a_certificate(
    session: PivSession, key_type: KEY_TYPE, *, compress: bool
) -> None:
    certificate = programs.certificate_for(session.generate_key(SLOT.SIGNATURE, key_type))
    session.put_certificate(SLOT.SIGNATURE, certificate, compress=compress)
    assert session.get_certificate(SLOT.SIGNATURE) == certificate
    session.delete_certificate(SLOT.SIGNATURE)
    with pytest.raises(ApduError):
        session.get_certificate(SLOT.SIGNATURE)


def test_it_pads_for_pss_and_decrypts(session: PivSession) -> None:
    public = session.generate_key(SLOT.KEY_MANAGEMENT, KEY_TYPE.RSA3072)
    session.verify_pin(PIN)
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    arguments = (SLOT.KEY_MANAGEMENT, KEY_TYPE.RSA3072, MESSAGE, hashes.SHA256(), scheme)
    public.verify(session.sign(*arguments), MESSAGE, scheme, hashes.SHA256())
    hidden = public.encrypt(MESSAGE, padding.PKCS1v15())
    assert session.decrypt(SLOT.KEY_MANAGEMENT, hidden, padding.PKCS1v15()) == MESSAGE


@pytest.mark.parametrize("key_type", [KEY_TYPE.ECCP256, KEY_TYPE.ECCP384])
def test_it_agrees_upon_a_secret(session: PivSession, key_type: KEY_TYPE) -> None:
    public = session.generate_key(SLOT.KEY_MANAGEMENT, key_type)
    other = ec.generate_private_key(public.curve)
    session.verify_pin(PIN)
    secret = session.calculate_secret(SLOT.KEY_MANAGEMENT, other.public_key())
    assert secret == other.exchange(ec.ECDH(), public)


def test_it_administers_pin_puk_and_key(session: PivSession) -> None:
    session.change_pin(PIN, "654321")
    session.change_puk(PUK, "87654321")
    with pytest.raises(InvalidPinError) as wrong:
        session.verify_pin("111111")
    assert wrong.value.attempts_remaining == session.get_pin_attempts() == 2
    session.unblock_pin("87654321", "123456")
    session.verify_pin(PIN)
    assert session.get_pin_metadata().default_value
    assert not session.get_puk_metadata().default_value
    own = bytes(range(32))
    session.set_management_key(MANAGEMENT_KEY_TYPE.AES256, own)
    found = session.get_management_key_metadata()
    assert (found.key_type, found.default_value) == (MANAGEMENT_KEY_TYPE.AES256, False)
    session.authenticate(own)


def test_objects_behind_the_pin_want_it(session: PivSession) -> None:
    session.put_object(OBJECT_ID.PRINTED, b"printed")
    with pytest.raises(ApduError):
        session.get_object(OBJECT_ID.PRINTED)
    session.verify_pin(PIN)
    assert session.get_object(OBJECT_ID.PRINTED) == b"printed"
    assert session.get_object(OBJECT_ID.DISCOVERY)

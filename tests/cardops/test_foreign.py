"""Somebody else's PIV client drives our virtual card: it is a PIV card, not only ours."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from smartcard.System import readers
from ykman.pcsc import ScardSmartCardConnection
from yubikit.piv import KEY_TYPE, SLOT, PivSession

from cardops.cards.piv import FACTORY_MANAGEMENT_KEY, TRANSPORT_PIN
from cardops.virtual.control import Control

pytestmark = pytest.mark.card


def certificate_for(key: ec.EllipticCurvePublicKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Марко")])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder(name, name, key, x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    )


def test_yubikit_makes_a_key_signs_and_stores_a_certificate(card: Control) -> None:
    connection = readers()[0].createConnection()
    connection.connect()
    session = PivSession(ScardSmartCardConnection(connection))
    session.authenticate(FACTORY_MANAGEMENT_KEY)
    public = session.generate_key(SLOT.SIGNATURE, KEY_TYPE.ECCP256)
    session.verify_pin(TRANSPORT_PIN.decode())
    signature = session.sign(SLOT.SIGNATURE, KEY_TYPE.ECCP256, b"a message", hashes.SHA256())
    public.verify(signature, b"a message", ec.ECDSA(hashes.SHA256()))
    certificate = certificate_for(public)
    session.put_certificate(SLOT.SIGNATURE, certificate)
    assert session.get_certificate(SLOT.SIGNATURE) == certificate
    assert session.get_pin_attempts() == 3
    connection.disconnect()

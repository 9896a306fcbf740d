"""Writes the certificate into the card, reads it back, lets the chip prove its key."""

from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cardops import errors
from cardops.cards import key_types
from cardops.cards.key_types import PublicKey
from cardops.cards.profile import CardProfile
from cardops.journal import Journal
from cardops.personalise import proof
from cardops.personalise.orders import WriteOrder
from cardops.personalise.session import Session


def write(order: WriteOrder, session: Session, journal: Journal) -> dict[str, Any]:
    """Return {read_back, signature: bytes, pin_entries}; written once, proven every time."""
    public_key = _own_key(order, journal)
    card = session.card(order)
    if order.role in session.made or card.read_certificate(order.role) != order.certificate:
        session.progress("writing")
        session.administer(card, order)
        card.write_certificate(order.role, order.certificate)
        session.made.discard(order.role)
    session.progress("reading-back")
    read_back = _read_back(card, order)
    session.progress("proving")
    key = session.key(card, order, public_key)
    signature = proof.pairing(key, order.issuance, order.challenge)
    return {"read_back": read_back, "signature": signature, "pin_entries": session.pin.entries}


def _own_key(order: WriteOrder, journal: Journal) -> PublicKey:
    """Return the certificate's key; KeyMismatchError unless this desk made it for the issuance."""
    try:
        key = key_types.require(
            x509.load_der_x509_certificate(order.certificate).public_key(), order.key_type
        )
    except ValueError as fault:
        raise errors.MessageError("order") from fault
    known = journal.key(order.issuance, order.role)
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if spki != order.public_key or (known and spki != known.public_key):
        raise errors.KeyMismatchError
    return key


def _read_back(card: CardProfile, order: WriteOrder) -> bytes:
    read_back = card.read_certificate(order.role)
    if read_back != order.certificate:
        raise errors.ReadBackError
    return read_back

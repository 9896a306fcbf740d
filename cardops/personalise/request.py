"""Makes a key on the card, once, and lets it sign the request for a certificate."""

import time
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from cardops import errors
from cardops.cards import key as keys
from cardops.cards import key_types
from cardops.cards.key_types import KeyType, PublicKey
from cardops.cards.profile import CardProfile
from cardops.journal import Journal, Key
from cardops.personalise import administration
from cardops.personalise.orders import RequestOrder
from cardops.personalise.session import Session

CA_FRESH = 60.0  # seconds: a key is destroyed only while the CA can replace its certificate


def make(order: RequestOrder, session: Session, journal: Journal) -> dict[str, Any]:
    """Return {public_key, csr: bytes, chip_serial, replaced_serial, pin_entries}.

    The same order again gives the same key: a journaled key is proven, never made anew.
    """
    card = session.card(order)
    known = journal.key(order.issuance, order.role)
    public_key = (
        _journaled(known, order.key_type) if known else _first(order, session, card, journal)
    )
    session.progress("signing-request")
    return {
        "public_key": _spki(public_key),
        "csr": _signed_request(order, session.key(card, order, public_key)),
        "chip_serial": order.expected.get("chip_serial", ""),
        "replaced_serial": journal.replacement(order.issuance, order.role),
        "pin_entries": session.pin.entries,
    }


def _first(order: RequestOrder, session: Session, card: CardProfile, journal: Journal) -> PublicKey:
    """Prepare the card, make the key, journal it: from then on it counts."""
    if _make_room(order, session, card, journal):
        session.prove_pin(card, order)
    else:
        _take_over(order, session, card)
    session.administer(card, order)
    session.progress("generating")
    public_key = card.generate(order.role, order.key_type)
    journal.record_key(Key(order.issuance, order.role, _spki(public_key)))
    session.made.add(order.role)
    return public_key


def _take_over(order: RequestOrder, session: Session, card: CardProfile) -> None:
    """Let the citizen choose the first PIN of a blank card; from then on the card is somebody's.

    One that took the transport PIN was nobody's: it holds nothing that could be replaced.
    """
    transport_pin = None if session.fresh else card.transport_pin()
    if transport_pin:
        session.fresh = session.pin.choose(card, transport_pin)
        session.administer(card, order)
        administration.own_puk(card, order.puk)
        card.mark_personalised()


def _make_room(order: RequestOrder, session: Session, card: CardProfile, journal: Journal) -> bool:
    """Before a certificate's key is destroyed: CA alive, citizen told, serial journaled."""
    old = None if session.fresh else card.read_certificate(order.role)
    if old is None:
        return False
    if time.time() - order.ca_healthy_at > CA_FRESH:
        raise errors.StaleOrderError
    if journal.replacement(order.issuance, order.role) is None:
        session.agree_to_replacement()
        journal.record_replacement(order.issuance, order.role, _serial(old))
    return True


def _serial(certificate: bytes) -> str:
    """Return the serial number in hexadecimal, nothing for what is no certificate."""
    try:
        return f"{x509.load_der_x509_certificate(certificate).serial_number:x}"
    except ValueError:
        return ""


def _signed_request(order: RequestOrder, key: keys.Key) -> bytes:
    """Return the request; KeyMismatchError when another key signed it, of another card."""
    signed = _unsigned(order).sign(key, key.chip.hash_algorithm)
    if not signed.is_signature_valid:
        raise errors.KeyMismatchError
    return signed.public_bytes(Encoding.DER)


def _unsigned(order: RequestOrder) -> x509.CertificateSigningRequestBuilder:
    """Compose what the key signs: the desk signs no bytes that somebody else composed."""
    try:
        builder = x509.CertificateSigningRequestBuilder().subject_name(order.subject)
        if not order.email:
            return builder
        names = x509.SubjectAlternativeName([x509.RFC822Name(order.email)])
        return builder.add_extension(names, critical=False)
    except ValueError as fault:
        raise errors.MessageError("order") from fault


def _journaled(known: Key, key_type: KeyType) -> PublicKey:
    return key_types.require(load_der_public_key(known.public_key), key_type)


def _spki(key: PublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

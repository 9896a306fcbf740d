"""Makes a key on the card, once, and lets it sign the request for a certificate."""

import time
import uuid
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from cardops import errors
from cardops.cards import key_types
from cardops.cards.key_types import KeyType, PublicKey
from cardops.cards.piv import PivCard
from cardops.journal import Journal, Key
from cardops.personalise import administration, proof
from cardops.personalise.orders import RequestOrder
from cardops.personalise.session import Session

CA_FRESH = 60.0  # seconds: a key is destroyed only while the CA can replace its certificate


def make(order: RequestOrder, session: Session, journal: Journal) -> dict[str, Any]:
    """Return {public_key, csr: bytes, chip_serial, replaced_serial, pin_entries}.

    The same order again gives the same key: a journaled key is proven, never made anew.
    """
    piv = session.card(order)
    known = journal.key(order.issuance, order.role)
    public_key = (
        _journaled(known, order.key_type) if known else _first(order, session, piv, journal)
    )
    key = session.key(piv, order, public_key)
    if known:
        proof.require_key(key, session.nonce())
    session.progress("signing-request")
    request = x509.CertificateSigningRequestBuilder().subject_name(_name(order.subject))
    return {
        "public_key": _spki(public_key),
        "csr": request.sign(key, key.chip.hash_algorithm).public_bytes(Encoding.DER),
        "chip_serial": order.expected.get("chip_serial", ""),
        "replaced_serial": journal.replacement(order.issuance, order.role),
        "pin_entries": session.entries,
    }


def _first(order: RequestOrder, session: Session, piv: PivCard, journal: Journal) -> PublicKey:
    """Prepare the card, make the key, journal it: from then on it counts."""
    _make_room(order, session, piv, journal)
    blank = piv.is_blank()
    if blank:
        session.choose_pin(piv)
    session.present_pin(piv)
    administration.authenticate(piv, order.management_key)
    if blank:
        piv.write_card_holder_id(uuid.uuid4().bytes)
    session.progress("generating")
    public_key = piv.generate(order.slot, order.key_type)
    journal.record_key(Key(order.issuance, order.role, _spki(public_key)))
    return public_key


def _make_room(order: RequestOrder, session: Session, piv: PivCard, journal: Journal) -> None:
    """Before a certificate's key is destroyed: CA alive, citizen told, serial journaled."""
    old = piv.read_certificate(order.slot)
    if old is None:
        return
    if time.time() - order.ca_healthy_at > CA_FRESH:
        raise errors.StaleOrderError
    if journal.replacement(order.issuance, order.role) is None:
        session.progress("waiting-citizen")
        session.screen.confirm_replacement()
        serial = x509.load_der_x509_certificate(old).serial_number
        journal.record_replacement(order.issuance, order.role, f"{serial:x}")


def _name(subject: tuple[tuple[str, str], ...]) -> x509.Name:
    try:
        return x509.Name(
            [x509.NameAttribute(x509.ObjectIdentifier(oid), value) for oid, value in subject]
        )
    except ValueError as fault:
        raise errors.MessageError("order") from fault


def _journaled(known: Key, key_type: KeyType) -> PublicKey:
    return key_types.require(load_der_public_key(known.public_key), key_type)


def _spki(key: PublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

"""Brings a certificate onto the card in two halves; the same call again does nothing twice.

With --subject a key and its request are made on the card, with --certificate the certificate is
written, read back and proven.
"""

import argparse
import secrets
import sys
import time
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from cardops import errors, transport
from cardops.cards import key_types
from cardops.cards.access import OwnCommands
from cardops.cards.profile import Role
from cardops.cli import opening, texts
from cardops.cli.outcome import Outcome
from cardops.journal import Journal
from cardops.personalise import certificate, request
from cardops.personalise.orders import RequestOrder, WriteOrder
from cardops.personalise.session import Session
from cardops.pin.pinpad import PinPad
from cardops.pin.prompts import Prompt, Turn
from cardops.pin.terminal import Terminal

HELP = "make a key and its request on the card, or write its certificate"

_KEY_SIZES = frozenset({16, 24, 32})  # bytes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    half = parser.add_mutually_exclusive_group(required=True)
    half.add_argument(
        "--subject",
        type=x509.Name.from_rfc4514_string,
        metavar="NAME",
        help='as RFC 4514 writes it, the last part first: "CN=Test Card,O=Laboratory,C=RS";'
        ' "+" joins what shares a part, a serial number is "2.5.4.5="',
    )
    half.add_argument(
        "--certificate", type=_certificate, metavar="FILE", help="PEM or DER, for the key made here"
    )
    parser.add_argument("--email", default="", help="an address for the request, beside --subject")
    parser.add_argument("--issuance", required=True, help="the name of this attempt in the journal")
    parser.add_argument("--journal", type=Path, required=True, help="SQLite file, made if missing")
    parser.add_argument(
        "--management-key",
        type=_key,
        required=True,
        metavar="FILE",
        help="a file with the card's management key, 16, 24 or 32 bytes, raw or hexadecimal",
    )
    parser.add_argument("--role", choices=[role.value for role in Role], default=Role.SIGNING.value)
    parser.add_argument("--key-type", choices=list(key_types.NAMES), default="P-256")
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="to type the PIN, and to hold it"
    )


def run(chosen: argparse.Namespace) -> Outcome:
    session, journal = _session(chosen), Journal(chosen.journal)
    try:
        if chosen.certificate:
            return _write(chosen, session, journal)
        return _request(chosen, session, journal)
    finally:
        session.drop()
        journal.close()


def _request(chosen: argparse.Namespace, session: Session, journal: Journal) -> Outcome:
    order = RequestOrder(
        **_shared(chosen),
        subject=chosen.subject,
        email=chosen.email,
        ca_healthy_at=time.time(),
    )  # that the body can replace an old certificate is the engineer's to know
    made = request.make(order, session, journal)
    pem = x509.load_der_x509_csr(made["csr"]).public_bytes(Encoding.PEM).decode()
    data = {
        "request": pem,
        "public_key": made["public_key"].hex(),
        "replaced_serial": made["replaced_serial"],
        "pin_entries": made["pin_entries"],
    }
    return Outcome(data, pem.splitlines())


def _write(chosen: argparse.Namespace, session: Session, journal: Journal) -> Outcome:
    known = journal.key(chosen.issuance, chosen.role)
    if known is None:
        raise errors.KeyMismatchError("the journal knows no key of this issuance")
    der = chosen.certificate.public_bytes(Encoding.DER)
    order = WriteOrder(
        **_shared(chosen),
        certificate=der,
        public_key=known.public_key,
        challenge=secrets.token_bytes(32),
    )
    written = certificate.write(order, session, journal)
    serial = f"{chosen.certificate.serial_number:x}"
    data = {"serial": serial, "proven": True, "pin_entries": written["pin_entries"]}
    return Outcome(data, [f"certificate {serial}: written, read back, its key proven"])


def _shared(chosen: argparse.Namespace) -> dict[str, Any]:
    return {
        "issuance": chosen.issuance,
        "role": Role(chosen.role),
        "key_type": key_types.NAMES[chosen.key_type],
        "expected": {},
        "management_key": chosen.management_key,
        "language": chosen.language,
    }


def _session(chosen: argparse.Namespace) -> Session:
    terminal = Terminal(texts.load(chosen.language), seconds=chosen.seconds)
    return Session(
        connect=lambda: transport.connect(opening.reader(chosen)),
        source=lambda: terminal,
        progress=_say,
        hold=chosen.seconds,
        access=OwnCommands(trace=opening.tracer(chosen)),
        find_pad=lambda connection: PinPad.find(connection, chosen.seconds),
    )


def _say(stage: str, prompt: Prompt | None = None) -> None:
    if prompt is None or prompt.turn == Turn.WAIT:
        sys.stderr.write(f"{stage}\n")


def _certificate(path: str) -> x509.Certificate:
    data = _content(path)
    pem = data.startswith(b"-----BEGIN")
    return x509.load_pem_x509_certificate(data) if pem else x509.load_der_x509_certificate(data)


def _key(path: str) -> bytes:
    """Read a management key: it never stands in the command line, which other users see."""
    data = _content(path)
    key = data if len(data) in _KEY_SIZES else bytes.fromhex(data.decode("ascii"))
    if len(key) not in _KEY_SIZES:
        raise ValueError("a management key has 16, 24 or 32 bytes")
    return key


def _content(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as fault:
        raise argparse.ArgumentTypeError(str(fault)) from fault

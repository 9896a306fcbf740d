"""Shows the certificates on the card; with --pem whole, the holder's numbers in them."""

import argparse
from collections.abc import Iterator
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from cardops import errors
from cardops.cards import selection
from cardops.cards.profile import CardProfile, Role
from cardops.cli.opening import opened
from cardops.cli.outcome import Outcome
from cardops.diagnose.certificates import summary

HELP = "show the certificates on the card"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--pem", action="store_true", help="print them whole: THE HOLDER'S NUMBERS STAND IN THEM"
    )


def run(chosen: argparse.Namespace) -> Outcome:
    with opened(chosen) as channel:
        found = dict(_stored(selection.select(channel)))
    shown = [_data(role, certificate, whole=chosen.pem) for role, certificate in found.items()]
    lines = [f"{name}: {value}" for data in shown for name, value in data.items()]
    return Outcome(shown, lines or ["no certificate"])


def _stored(card: CardProfile) -> Iterator[tuple[Role, x509.Certificate]]:
    for role in Role:
        der = card.read_certificate(role)
        if der:
            yield role, _parsed(der)


def _parsed(der: bytes) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(der)
    except ValueError as fault:
        raise errors.CardAnswerError from fault


def _data(role: Role, certificate: x509.Certificate, *, whole: bool) -> dict[str, Any]:
    seen = summary(role.value, certificate)
    data = {
        "role": seen.role,
        "serial": seen.serial,
        "subject": seen.subject,
        "issuer": seen.issuer,
        "not_before": seen.not_before.isoformat(),
        "not_after": seen.not_after.isoformat(),
    }
    if whole:
        data["pem"] = certificate.public_bytes(Encoding.PEM).decode()
    return data

"""Reads the section CA of the settings where CMP is chosen: text from the environment to a body."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from registration.ca import keys
from registration.ca.cmp.authority import CmpCA
from registration.ca.cmp.exchange import Line
from registration.ca.cmp.protection import Protection, SharedSecret, SigningKey, Trust
from registration.ca.errors import CASettingsError, ProofError

LONGEST_PATIENCE = 10  # seconds; it counts twice, and the sweep asks after anybody silent for 30
LEAST_SECRET = 16  # bytes: whoever records one message may guess at its secret for years
_SECRET = ("REFERENCE", "SECRET_FILE")
_KEY = ("KEY_FILE", "PASSPHRASE_FILE", "CERTIFICATES")
_ANSWERS = ("ROOTS", "SIGNER", "ACCEPT_HMAC_SHA1")
_LINE = ("URL", "TLS_ROOTS", "PATIENCE")
_NAMES = frozenset({"CONNECTOR", "CHAIN", *_LINE, *_SECRET, *_KEY, *_ANSWERS})
_YES_NO = {"": False, "0": False, "1": True}


def read(section: Mapping[str, Any]) -> CmpCA:
    """Raise CASettingsError with the name of the setting."""
    unknown = sorted(section.keys() - _NAMES)
    if unknown:
        raise CASettingsError(unknown[0])
    secret = _secret(section)
    return CmpCA(
        line=_line(section),
        protection=_protection(section, secret),
        trust=_trust(section, secret),
        authorities=_certificates(section, "CHAIN"),
    )


def _line(section: Mapping[str, Any]) -> Line:
    roots = Path(section["TLS_ROOTS"]) if section.get("TLS_ROOTS") else None
    if roots and not roots.is_file():
        raise CASettingsError("TLS_ROOTS")
    return Line(_address(section), _seconds(section.get("PATIENCE", LONGEST_PATIENCE)), roots)


def _address(section: Mapping[str, Any]) -> str:
    address = str(section.get("URL", ""))
    try:
        parts = urlsplit(address)
        known = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError as fault:
        raise CASettingsError("URL") from fault
    if not known:
        raise CASettingsError("URL")
    return address


def _seconds(text: object) -> float:
    try:
        seconds = float(str(text))
    except ValueError as fault:
        raise CASettingsError("PATIENCE") from fault
    if not 0 < seconds <= LONGEST_PATIENCE:
        raise CASettingsError("PATIENCE")
    return seconds


def _secret(section: Mapping[str, Any]) -> bytes | None:
    if not section.get("SECRET_FILE"):
        return None
    secret = _bytes(section, "SECRET_FILE").rstrip(b"\r\n")
    if len(secret) < LEAST_SECRET:
        raise CASettingsError("SECRET_FILE")
    return secret


def _protection(section: Mapping[str, Any], secret: bytes | None) -> Protection:
    if secret is None:
        return _signing(section)
    if any(section.get(name) for name in _KEY):
        raise CASettingsError("SECRET_FILE")  # one protection, not two
    if not section.get("REFERENCE"):
        raise CASettingsError("REFERENCE")
    return SharedSecret(str(section["REFERENCE"]).encode(), secret)


def _signing(section: Mapping[str, Any]) -> SigningKey:
    passphrase = None
    if section.get("PASSPHRASE_FILE"):
        passphrase = _bytes(section, "PASSPHRASE_FILE").rstrip(b"\r\n")
    try:
        pem = _bytes(section, "KEY_FILE")
        key = serialization.load_pem_private_key(pem, passphrase)
        public = keys.require(key.public_key())
    except (ValueError, TypeError, UnsupportedAlgorithm, ProofError) as fault:
        raise CASettingsError("KEY_FILE") from fault
    chain = _certificates(section, "CERTIFICATES")
    if keys.encode(chain[0].public_key()) != keys.encode(public):
        raise CASettingsError("CERTIFICATES")
    return SigningKey(key, chain)  # type: ignore[arg-type]  # its public half was looked at


def _trust(section: Mapping[str, Any], secret: bytes | None) -> Trust:
    """Answers are signed by a named signer, or carry the secret's MAC, or the body may do both."""
    old = str(section.get("ACCEPT_HMAC_SHA1", ""))
    if old not in _YES_NO:
        raise CASettingsError("ACCEPT_HMAC_SHA1")
    if section.get("ROOTS"):
        anchors = _certificates(section, "ROOTS")
        return Trust(secret, anchors, _signer(section), _YES_NO[old])
    if secret is None:
        raise CASettingsError("ROOTS")
    return Trust(secret, hmac_sha1=_YES_NO[old])


def _signer(section: Mapping[str, Any]) -> x509.Name:
    """Read the name of who signs: below the same roots there are citizens too."""
    try:
        name = x509.Name.from_rfc4514_string(str(section.get("SIGNER") or ""))
    except ValueError as fault:
        raise CASettingsError("SIGNER") from fault
    if not name.rdns:
        raise CASettingsError("SIGNER")
    return name


def _certificates(section: Mapping[str, Any], name: str) -> tuple[x509.Certificate, ...]:
    try:
        return tuple(x509.load_pem_x509_certificates(_bytes(section, name)))
    except ValueError as fault:
        raise CASettingsError(name) from fault


def _bytes(section: Mapping[str, Any], name: str) -> bytes:
    path = section.get(name)
    try:
        return Path(str(path)).read_bytes() if path else b""
    except OSError as fault:
        raise CASettingsError(name) from fault

"""Reads settings of a certification body: text from the environment; faults name the setting."""

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from registration.ca import keys
from registration.ca.errors import CASettingsError, ProofError
from registration.ca.http import Tls

Section = Mapping[str, Any]
Pair = tuple[keys.PrivateKey, tuple[x509.Certificate, ...]]

LONGEST_PATIENCE = 10  # seconds; it counts twice, and the sweep asks after anybody silent for 30
LEAST_SECRET = 16  # bytes: whoever records one message may guess at its secret for years
TLS = ("TLS_ROOTS", "TLS_KEY_FILE", "TLS_PASSPHRASE_FILE", "TLS_CERTIFICATES")
_YES_NO = {"0": False, "1": True}


def require_known(section: Section, names: frozenset[str]) -> None:
    unknown = sorted(section.keys() - names)
    if unknown:
        raise CASettingsError(unknown[0])


def text(section: Section, name: str) -> str:
    value = str(section.get(name) or "").strip()
    if not value:
        raise CASettingsError(name)
    return value


def yes(section: Section, name: str, *, default: bool) -> bool:
    value = str(section.get(name, "")) or str(int(default))
    if value not in _YES_NO:
        raise CASettingsError(name)
    return _YES_NO[value]


def address(section: Section, *schemes: str) -> str:
    url = str(section.get("URL", ""))
    try:
        parts = urlsplit(url)
        known = parts.scheme in schemes and parts.hostname and parts.port != 0
    except ValueError as fault:
        raise CASettingsError("URL") from fault
    if not known:
        raise CASettingsError("URL")
    return url


def patience(section: Section) -> float:
    try:
        seconds = float(str(section.get("PATIENCE", LONGEST_PATIENCE)))
    except ValueError as fault:
        raise CASettingsError("PATIENCE") from fault
    if not 0 < seconds <= LONGEST_PATIENCE:
        raise CASettingsError("PATIENCE")
    return seconds


def contents(section: Section, name: str) -> bytes:
    path = section.get(name)
    try:
        return Path(str(path)).read_bytes() if path else b""
    except OSError as fault:
        raise CASettingsError(name) from fault


def certificates(section: Section, name: str) -> tuple[x509.Certificate, ...]:
    try:
        return tuple(x509.load_pem_x509_certificates(contents(section, name)))
    except ValueError as fault:
        raise CASettingsError(name) from fault


def secret(section: Section) -> bytes:
    value = _line(section, "SECRET_FILE")
    if len(value) < LEAST_SECRET:
        raise CASettingsError("SECRET_FILE")
    return value


def pair(section: Section, prefix: str = "") -> Pair:
    """Return a key and its certificates, its own first."""
    name = f"{prefix}KEY_FILE"
    passphrase = _line(section, f"{prefix}PASSPHRASE_FILE") or None
    try:
        key = serialization.load_pem_private_key(contents(section, name), passphrase)
        public = keys.require(key.public_key())
    except (ValueError, TypeError, UnsupportedAlgorithm, ProofError) as fault:
        raise CASettingsError(name) from fault
    chain = certificates(section, f"{prefix}CERTIFICATES")
    if keys.encode(chain[0].public_key()) != keys.encode(public):
        raise CASettingsError(f"{prefix}CERTIFICATES")
    return key, chain  # type: ignore[return-value]  # its public half was looked at


def tls(section: Section) -> Tls:
    """Return how to connect over HTTPS; our certificate is shown where one is set."""
    roots = _path(section, "TLS_ROOTS")
    if not (section.get("TLS_KEY_FILE") or section.get("TLS_CERTIFICATES")):
        return _usable(Tls(roots))
    pair(section, "TLS_")
    key, chain = _path(section, "TLS_KEY_FILE"), _path(section, "TLS_CERTIFICATES")
    return _usable(Tls(roots, key, chain, _line(section, "TLS_PASSPHRASE_FILE")))


def _usable(made: Tls) -> Tls:
    try:
        made.context()
    except (OSError, ssl.SSLError) as fault:
        raise CASettingsError("TLS_ROOTS") from fault
    return made


def _path(section: Section, name: str) -> Path | None:
    return Path(str(section[name])) if section.get(name) else None


def _line(section: Section, name: str) -> bytes:
    return contents(section, name).rstrip(b"\r\n")

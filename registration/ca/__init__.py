"""Certification bodies: how the counter asks one for a certificate, and judges what comes back."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from registration.ca import keys
from registration.ca.base import Connector
from registration.ca.cmp import configuration as cmp
from registration.ca.ejbca import configuration as ejbca
from registration.ca.embedded.authority import EmbeddedCA
from registration.ca.embedded.hierarchy import Custody
from registration.ca.errors import CARefusedError, CASettingsError
from registration.tokens import Token

_TOKEN = ("PKCS11_MODULE", "PKCS11_TOKEN", "PKCS11_PIN_FILE")

_READERS: Mapping[str, Callable[[Mapping[str, Any]], Connector]] = {
    "cmp": cmp.read,
    "ejbca": ejbca.read,
}


def connect(settings: Mapping[str, Any]) -> Connector:
    """Choose the body that `settings.OVERA` (or its section CA alone) names."""
    section = settings.get("CA", settings)
    if section["CONNECTOR"] == "embedded" and section.get("FOLDER"):
        kind = section.get("KEY_TYPE", "P-384")
        if kind not in keys.BODY_KINDS:
            raise CARefusedError("key-type-not-known", key_type=kind)
        return EmbeddedCA(
            Path(section["FOLDER"]),
            validity_years=settings.get("VALIDITY_YEARS"),
            key_kind=kind,
            custody=_custody(section),
        )
    if section["CONNECTOR"] in _READERS:
        return _READERS[section["CONNECTOR"]](section)
    raise CARefusedError("connector-not-known", connector=section["CONNECTOR"])


def _custody(section: Mapping[str, Any]) -> Custody:
    """Read how the embedded body keeps its keys; all of a token's settings or none."""
    passphrase = section.get("PASSPHRASE_FILE")
    given = [section.get(name) for name in _TOKEN]
    if any(given) and not all(given):
        raise CASettingsError(_TOKEN[[bool(each) for each in given].index(False)])
    module, label, pin = given
    token = Token(Path(module), label, Path(pin)) if module and label and pin else None
    return Custody(Path(passphrase) if passphrase else None, token)

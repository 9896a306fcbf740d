"""Certification bodies: how the counter asks one for a certificate, and judges what comes back."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from registration.ca import keys
from registration.ca.base import Connector
from registration.ca.cmp import configuration as cmp
from registration.ca.ejbca import configuration as ejbca
from registration.ca.embedded.authority import EmbeddedCA
from registration.ca.errors import CARefusedError

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
            Path(section["FOLDER"]), validity_years=settings.get("VALIDITY_YEARS"), key_kind=kind
        )
    if section["CONNECTOR"] in _READERS:
        return _READERS[section["CONNECTOR"]](section)
    raise CARefusedError("connector-not-known", connector=section["CONNECTOR"])

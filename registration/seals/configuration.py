"""Reads `OVERA["SEAL"]`: text from the environment to a `Sealer`."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from registration.seals import certificates
from registration.seals.base import KeyFile, KeyToken, Level, Sealer
from registration.seals.errors import KeyUnusableError, SettingsError

MADE = (Level.B_B, Level.B_T, Level.B_LTA)
"""Levels that can be asked for; B-LT would leave its proofs without a stamp over them."""

LONGEST_PATIENCE = 20  # seconds; a paper has four answers to wait for and is then taken for lost

_SCHEMES = ("http", "https")
_TOKEN = ("PKCS11_MODULE", "PKCS11_TOKEN", "PKCS11_LABEL", "PKCS11_PIN_FILE")
_NAMES = frozenset(
    {"LEVEL", "KEY_FILE", "PASSPHRASE_FILE", "CERTIFICATES", "ROOTS", "TSA", "PATIENCE", *_TOKEN}
)


def read(section: Mapping[str, str]) -> Sealer:
    """Raise SettingsError with the name of the setting."""
    unknown = sorted(section.keys() - _NAMES)
    if unknown:
        raise SettingsError(unknown[0])
    sealer = Sealer(
        level=_level(section),
        key=_key(section),
        roots=_roots(section),
        authority=_address(section),
        patience=_seconds(section.get("PATIENCE", "10")),
    )
    if sealer.level != Level.B_B and not sealer.authority:
        raise SettingsError("TSA")
    return sealer


def _roots(section: Mapping[str, str]) -> tuple[bytes, ...]:
    try:
        found = certificates.read(Path(_needed(section, "ROOTS")))
    except KeyUnusableError as fault:
        raise SettingsError("ROOTS") from fault
    return tuple(each.dump() for each in found)


def _address(section: Mapping[str, str]) -> str:
    address = section.get("TSA", "")
    try:
        parts = urlsplit(address)
    except ValueError as fault:
        raise SettingsError("TSA") from fault
    if address and not (parts.scheme in _SCHEMES and parts.hostname):
        raise SettingsError("TSA")
    return address


def _level(section: Mapping[str, str]) -> Level:
    named = _needed(section, "LEVEL")
    if named not in MADE:
        raise SettingsError("LEVEL")
    return Level(named)


def _key(section: Mapping[str, str]) -> KeyFile | KeyToken:
    chain = _path(section, "CERTIFICATES")
    if "PKCS11_MODULE" in section and "KEY_FILE" in section:
        raise SettingsError("KEY_FILE")
    if "PKCS11_MODULE" in section:
        module, token, label, pin = (_needed(section, name) for name in _TOKEN)
        return KeyToken(Path(module), token, label, Path(pin), chain)
    path = Path(_needed(section, "KEY_FILE"))
    return KeyFile(path, _path(section, "PASSPHRASE_FILE"), chain)


def _needed(section: Mapping[str, str], name: str) -> str:
    value = section.get(name)
    if not value:
        raise SettingsError(name)
    return value


def _path(section: Mapping[str, str], name: str) -> Path | None:
    return Path(section[name]) if section.get(name) else None


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError as fault:
        raise SettingsError("PATIENCE") from fault
    if not 0 < seconds <= LONGEST_PATIENCE:
        raise SettingsError("PATIENCE")
    return seconds

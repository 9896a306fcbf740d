"""Reads the section CA of the settings where CMP is chosen: text from the environment to a body."""

from cryptography import x509

from registration.ca import section as settings
from registration.ca.cmp.authority import CmpCA
from registration.ca.cmp.exchange import Line
from registration.ca.cmp.protection import Protection, SharedSecret, SigningKey, Trust
from registration.ca.errors import CASettingsError
from registration.ca.section import Section

_SECRET = ("REFERENCE", "SECRET_FILE")
_KEY = ("KEY_FILE", "PASSPHRASE_FILE", "CERTIFICATES")
_ANSWERS = ("ROOTS", "SIGNER", "ACCEPT_HMAC_SHA1")
_LINE = ("URL", "PATIENCE", *settings.TLS)
_NAMES = frozenset({"CONNECTOR", "CHAIN", *_LINE, *_SECRET, *_KEY, *_ANSWERS})


def read(section: Section) -> CmpCA:
    """Raise CASettingsError with the name of the setting."""
    settings.require_known(section, _NAMES)
    secret = settings.secret(section) if section.get("SECRET_FILE") else None
    return CmpCA(
        line=_line(section),
        protection=_protection(section, secret),
        trust=_trust(section, secret),
        authorities=settings.certificates(section, "CHAIN"),
    )


def _line(section: Section) -> Line:
    address = settings.address(section, "http", "https")
    return Line(address, settings.patience(section), settings.tls(section))


def _protection(section: Section, secret: bytes | None) -> Protection:
    if secret is None:
        return SigningKey(*settings.pair(section))
    if any(section.get(name) for name in _KEY):
        raise CASettingsError("SECRET_FILE")  # one protection, not two
    return SharedSecret(settings.text(section, "REFERENCE").encode(), secret)


def _trust(section: Section, secret: bytes | None) -> Trust:
    """Answers are signed by a named signer, or carry the secret's MAC, or the body may do both."""
    old = settings.yes(section, "ACCEPT_HMAC_SHA1", default=False)
    if section.get("ROOTS"):
        anchors = settings.certificates(section, "ROOTS")
        return Trust(secret, anchors, _signer(section), old)
    if secret is None:
        raise CASettingsError("ROOTS")
    return Trust(secret, hmac_sha1=old)


def _signer(section: Section) -> x509.Name:
    """Read the name of who signs: below the same roots there are citizens too."""
    try:
        name = x509.Name.from_rfc4514_string(str(section.get("SIGNER") or ""))
    except ValueError as fault:
        raise CASettingsError("SIGNER") from fault
    if not name.rdns:
        raise CASettingsError("SIGNER")
    return name

"""Reads the section CA of the settings where EJBCA is chosen."""

from cryptography import x509
from cryptography.x509.oid import NameOID

from registration.ca import section as settings
from registration.ca.ejbca.authority import EjbcaCA, Names
from registration.ca.ejbca.line import Line
from registration.ca.errors import CASettingsError
from registration.ca.section import Section

_NAMED = ("AUTHORITY", "ISSUER", "CERTIFICATE_PROFILE", "END_ENTITY_PROFILE")
_OURS = ("CHAIN", "SECRET_FILE", "SEND_END")
_NAMES = frozenset({"CONNECTOR", "URL", "PATIENCE", *settings.TLS, *_NAMED, *_OURS})
_SPELLED = {  # where EJBCA writes another name than RFC 4514, or than a number
    NameOID.SERIAL_NUMBER: "SN",
    NameOID.SURNAME: "SURNAME",
    NameOID.GIVEN_NAME: "GIVENNAME",
    NameOID.EMAIL_ADDRESS: "E",
    NameOID.ORGANIZATION_IDENTIFIER: "ORGANIZATIONIDENTIFIER",
}


def read(section: Section) -> EjbcaCA:
    """Raise CASettingsError with the name of the setting."""
    settings.require_known(section, _NAMES)
    authorities = settings.certificates(section, "CHAIN")
    return EjbcaCA(
        line=_line(section),
        names=_names(section, authorities[0]),
        secret=settings.secret(section),
        authorities=authorities,
        sends_end=settings.yes(section, "SEND_END", default=True),
    )


def _line(section: Section) -> Line:
    tls = settings.tls(section)
    if tls.certificates is None:
        raise CASettingsError("TLS_CERTIFICATES")  # EJBCA knows us by it
    return Line(settings.address(section, "https"), settings.patience(section), tls)


def _names(section: Section, issuing: x509.Certificate) -> Names:
    return Names(
        authority=settings.text(section, "AUTHORITY"),
        issuer=str(section.get("ISSUER") or issuing.subject.rfc4514_string(_SPELLED)),
        certificate_profile=settings.text(section, "CERTIFICATE_PROFILE"),
        end_entity_profile=settings.text(section, "END_ENTITY_PROFILE"),
    )

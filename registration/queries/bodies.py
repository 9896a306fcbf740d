"""Which certification body an office has, and which one something was begun with."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from cryptography import x509
from django.conf import settings
from django.utils import timezone

from registration import ca, errors
from registration.ca.advice import SETTING
from registration.ca.base import Connector, Health
from registration.ca.errors import BodyNotSetError, CAError, CASettingsError
from registration.models import BodyHealth, Certificate, Issuance, Office

DEFAULT = ""  # the body of offices that name none


def names() -> list[str]:
    """Return the bodies that are set, the default one first."""
    return [DEFAULT, *settings.OVERA["BODIES"]]


def of_office(office: Office) -> str:
    """Return the name of the body that an office has now."""
    return str(settings.OVERA["BODY_OF_OFFICE"].get(office.code, DEFAULT))


def section(name: str) -> Mapping[str, Any]:
    """Return Overa's settings as they are for one body; BodyNotSetError where it has none."""
    common = settings.OVERA
    if name == DEFAULT:
        return common
    if name not in common["BODIES"]:
        raise BodyNotSetError(name)
    own = common["BODIES"][name]
    return {**common, **own, "STATUS": common["STATUS"] | own["STATUS"]}


def prefix(name: str) -> str:
    """Return how the body's settings begin in the environment."""
    return f"OVERA_BODY_{name.upper()}_" if name else "OVERA_CA_"


def connector(name: str) -> Connector:
    return ca.connect(section(name))


def of(issuance: Issuance) -> Connector:
    """Return the body with which an issuance was begun, wherever its office has gone since.

    Raises BodyNotSetError where another body answers to its name by now.
    """
    found = connector(issuance.body)
    issuer = Certificate.objects.filter(issuance=issuance).values_list("issuer", flat=True).first()
    if issuer is not None and _issuer(found) != issuer:
        raise BodyNotSetError(issuance.body)
    return found


def _issuer(body: Connector) -> str:
    return x509.load_der_x509_certificate(body.chain()[0]).subject.rfc4514_string()


def health(name: str) -> Health:
    """Ask a body how it is; one that cannot even be asked is not well."""
    try:
        return connector(name).health()
    except CASettingsError as fault:
        reason = f"{SETTING}{fault.reason}"
    except CAError as fault:
        reason = fault.reason
    return Health(ok=False, detail=reason, at=timezone.now())


def refusal(fault: CAError) -> errors.CANotReachedError:
    """Return what the officer reads where a body could not do its part."""
    gone = isinstance(fault, BodyNotSetError)
    return (errors.BodyGoneError if gone else errors.CANotReachedError)(reason=fault.reason)


def worth_asking() -> list[str]:
    """Return those that are not known to be away: the sweep waits for no other."""
    said = BodyHealth.objects.filter(ok=False, asked_at__gt=timezone.now() - word_counts_for())
    away = set(said.values_list("body", flat=True))
    return [name for name in names() if name not in away]


def word_counts_for() -> timedelta:
    """Return how long the last word on a body's health is one of how it is now."""
    return timedelta(seconds=int(str(settings.OVERA["BODY_UNASKED_AFTER"])))


def for_development(office: Office | None) -> bool:
    """Tell whether an office's certificates prove nothing; without an office: any office's."""
    asked = names() if office is None else [of_office(office)]
    known = [name for name in asked if name in names()]
    return any(section(name)["CA"]["CONNECTOR"] == "embedded" for name in known)

"""Certificate profiles: what a kind of certificate carries, kept as data beside this module."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from cardops.cards.profile import Role
from registration.ca.errors import CARefusedError

STRICT = "strict"
MUP_COMPAT = "mup-compat"
FAMILIES = (STRICT, MUP_COMPAT)
STRICT_SIGNING = "strict-signing"
STRICT_AUTHENTICATION = "strict-authentication"
USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)
_NAMES = frozenset(f"{family}-{role}" for family in FAMILIES for role in Role)


@dataclass(frozen=True)
class Policy:
    oid: str
    cps: str | None = None


@dataclass(frozen=True)
class Statements:
    """What the extension qcStatements says (RFC 3739, ETSI EN 319 412-5)."""

    semantics: str
    name_registration_authorities: tuple[str, ...]
    qualified: bool
    on_device: bool
    purpose: str | None = None  # of a qualified certificate only, as the disclosure is
    disclosure: tuple[tuple[str, str], ...] = ()  # (language, https address)


@dataclass(frozen=True)
class Profile:
    name: str
    validity_years: int
    identifiers_in_one_rdn: bool  # of the subject: JMBG and document number
    key_usage: frozenset[str]  # names as in `x509.KeyUsage`
    curves: frozenset[str]
    rsa_bits: int
    ocsp: str
    ca_issuers: str
    crl: str
    policies: tuple[Policy, ...]
    statements: Statements


def named(family: str, role: str) -> str:
    """Return the profile's name for a certificate of this role: "strict", "signing"."""
    return f"{family}-{role}"


@cache
def load(name: str) -> Profile:
    if name not in _NAMES:
        raise CARefusedError("profile-not-known", profile=name)
    file = files(__name__).joinpath(f"{name}.toml")
    return _compose(name, tomllib.loads(file.read_text("utf-8")))


def _compose(name: str, data: dict[str, Any]) -> Profile:
    return Profile(
        name=name,
        validity_years=data["validity_years"],
        identifiers_in_one_rdn=data["identifiers_in_one_rdn"],
        key_usage=frozenset(data["key_usage"]),
        curves=frozenset(data["curves"]),
        rsa_bits=data["rsa_bits"],
        policies=tuple(Policy(**policy) for policy in data["policies"]),
        statements=_compose_statements(data["statements"]),
        **data["addresses"],
    )


def _compose_statements(data: dict[str, Any]) -> Statements:
    return Statements(
        **data
        | {
            "name_registration_authorities": tuple(data["name_registration_authorities"]),
            "disclosure": tuple(data.get("disclosure", {}).items()),
        }
    )

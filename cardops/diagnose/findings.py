"""What an examination tells: codes of what is wrong, the most basic first, and what was seen."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self

from cardops import errors


class Code(StrEnum):
    """In the order in which the causes are to be removed; as an error's code where there is one."""

    DESK_SILENT = "desk-silent"  # said by the server, for a desk that does not answer
    SERVICE_DOWN = errors.ServiceDownError.code
    REMOTE_SESSION = "remote-session"
    NO_READER = errors.NoReaderError.code
    VIRTUAL_READER = "virtual-reader"
    SEVERAL_READERS = "several-readers"
    NO_CARD = errors.NoCardError.code
    HELD = errors.CardSharedError.code
    MUTE = errors.CardMuteError.code
    REMOVED = errors.CardRemovedError.code
    RESET = errors.CardResetError.code
    FAULTY = "card-faulty"
    UNKNOWN_CARD = errors.UnknownCardError.code
    TOO_OLD = errors.OldCardError.code
    CARD_EXPIRED = "card-expired"
    NO_APPLICATION = "no-signature-application"
    PIN_BLOCKED = errors.PinBlockedError.code
    TRIES_USED = "pin-tries-used"
    NO_CERTIFICATE = "no-certificate"
    UNREADABLE = "certificate-unreadable"
    NOT_YET_VALID = "certificate-not-yet-valid"
    EXPIRED = "certificate-expired"
    CONFIGURATION = errors.ConfigurationError.code
    CHAIN_MISSING = "chain-missing"
    NO_AUTHENTICATION = "no-authentication-certificate"

    @classmethod
    def of(cls, code: str) -> Self:
        """Return the finding that an error's code stands for."""
        known = {each.value for each in cls}
        return cls(code if code in known else cls.FAULTY)


_NOTES = frozenset(
    {
        Code.REMOTE_SESSION,
        Code.VIRTUAL_READER,
        Code.SEVERAL_READERS,
        Code.TRIES_USED,
        Code.NO_AUTHENTICATION,
    }
)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong; `facts` are JSON and hold no personal data."""

    code: Code
    facts: dict[str, Any]

    @property
    def is_note(self) -> bool:
        """Tell whether the card can be used all the same."""
        return self.code in _NOTES


@dataclass(frozen=True)
class CertificateSeen:
    """A certificate without whose it is: of the subject only numbers, masked."""

    role: str
    serial: str  # hexadecimal
    subject: str
    issuer: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True)
class Seen:
    """What the examination came across, as far as it came; empty where it did not."""

    readers: tuple[str, ...] = ()
    reader: str = ""  # the one that was looked into
    atr: str = ""  # hexadecimal
    card: str = ""  # kind of identity card
    application: str = ""  # that signs: name of its profile
    document_number: str = ""  # masked
    issued_on: date | None = None
    expires_on: date | None = None
    tries_left: int | None = None
    certificates: tuple[CertificateSeen, ...] = ()


@dataclass(frozen=True)
class Diagnosis:
    findings: tuple[Finding, ...]
    seen: Seen

    @property
    def hinders(self) -> bool:
        """Tell whether anything found keeps the card from being used."""
        return not all(finding.is_note for finding in self.findings)

    def to_json(self) -> dict[str, Any]:
        seen = {name: _plain(value) for name, value in asdict(self.seen).items()}
        findings = [{"code": each.code.value, "facts": each.facts} for each in self.findings]
        return {"findings": findings, "seen": seen}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Raise KeyError, TypeError or ValueError where this is no diagnosis."""
        findings = (Finding(Code(each["code"]), dict(each["facts"])) for each in data["findings"])
        return cls(tuple(findings), _seen(data["seen"]))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, tuple | list) else value


def _seen(data: dict[str, Any]) -> Seen:
    typed = data | {name: _date(data[name]) for name in ("issued_on", "expires_on")}
    certificates = tuple(_certificate(each) for each in data["certificates"])
    return Seen(**typed | {"readers": tuple(data["readers"]), "certificates": certificates})


def _certificate(data: dict[str, Any]) -> CertificateSeen:
    names = ("not_before", "not_after")
    return CertificateSeen(**data | {name: datetime.fromisoformat(data[name]) for name in names})


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

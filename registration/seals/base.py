"""What a seal is made with, and what is found when one is checked."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path


class Level(StrEnum):
    """Levels of PAdES baseline signatures (ETSI EN 319 142-1, section 6.1), the lowest first."""

    NONE = ""
    B_B = "B-B"  # the key's signature alone
    B_T = "B-T"  # and an authority's stamp of its time
    B_LT = "B-LT"  # and what shows that nobody's certificate was revoked then
    B_LTA = "B-LTA"  # and a stamp over all of that, which can be renewed


class Verdict(StrEnum):
    """One word for a check; the sentence of that key says it to people."""

    SOUND = "sound"
    UNSEALED = "unsealed"
    UNREADABLE = "unreadable"
    ALTERED = "altered"  # after sealing
    EXTENDED = "extended"  # something was appended that no seal or stamp covers
    UNTRUSTED = "untrusted"  # no way from a certificate to the roots
    REVOKED = "revoked"
    EXPIRED = "expired"  # unchanged, but the file cannot prove it any more


@dataclass(frozen=True)
class SealFinding:
    """`level` is what the file proves at the moment of the check, not what it was made as."""

    verdict: Verdict
    sealer: str = ""  # the certificate's common name
    sealed_at: datetime | None = None  # by the stamp; at level B-B what the sealer claims
    level: Level = Level.NONE
    intact: bool = False  # what was sealed is as it was
    covers_whole: bool = False  # nothing follows that is not covered

    @property
    def sound(self) -> bool:
        return self.verdict == Verdict.SOUND


@dataclass(frozen=True)
class KeyFile:
    """A key in PKCS#12 or PEM; `certificates` (PEM) names its own first, then its issuers'."""

    path: Path
    passphrase: Path | None = None
    certificates: Path | None = None  # PKCS#12 holds them itself


@dataclass(frozen=True)
class KeyToken:
    """A key inside of a PKCS#11 token; without `certificates` its own lies there by its label."""

    module: Path  # shared library
    token: str
    label: str
    pin: Path
    certificates: Path | None = None


@dataclass(frozen=True)
class Sealer:
    """All that decides a seal."""

    level: Level  # of `configuration.MADE`
    key: KeyFile | KeyToken
    roots: tuple[bytes, ...]  # DER; of the seal and of the time-stamping authority
    authority: str = ""  # http(s) address of the time-stamping authority (RFC 3161)
    patience: float = 10.0  # seconds for each answer of the network

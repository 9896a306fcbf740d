"""What the libraries raise while sealing, as errors of ours: who is at fault, and may it pass."""

import pkcs11
from pyhanko.sign.general import SigningError
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InsufficientRevinfoError,
    NotYetValidError,
    PathError,
    RevokedError,
)

from registration.seals.errors import (
    KeyUnusableError,
    RevocationUnreachableError,
    SealerRejectedError,
    SealError,
    TimestampWrongError,
)

_CODES: dict[type[Exception], str] = {
    ExpiredError: "expired",
    NotYetValidError: "not-yet-valid",
    RevokedError: "revoked",
    PathError: "unknown-body",
}


def explained(fault: Exception) -> SealError:
    """Return the error of ours; a SigningError speaks of the sealer, a bare one of the stamp."""
    cause = fault.__cause__ if isinstance(fault, SigningError) else fault
    if isinstance(cause, InsufficientRevinfoError):
        return RevocationUnreachableError("revocation-lists")
    if isinstance(fault, pkcs11.PKCS11Error):
        return KeyUnusableError("token-not-usable")
    kind = SealerRejectedError if isinstance(fault, SigningError) else TimestampWrongError
    return kind(next((code for of, code in _CODES.items() if isinstance(cause, of)), "not-valid"))

"""Whether what a person has may be renewed today: valid still, and within the office's window."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from registration.rules import findings
from registration.rules.findings import Finding, gettext_noop

FIELD = "procedure"
_SAYS = {  # of a certificate that is not active
    "revoked": gettext_noop(
        "The certificate %(serial)s was revoked and cannot be renewed: choose option 1, issuing,"
        " and let the citizen circle it."
    ),
    "suspended": gettext_noop(
        "The certificate %(serial)s is suspended: let it be reactivated on form 3 first, or choose"
        " option 1, issuing, and let the citizen circle it."
    ),
}
_EXPIRED = gettext_noop(
    "The certificate %(serial)s expired on %(day)s and cannot be renewed any more: choose option 1,"
    " issuing, and let the citizen circle it."
)
_NONE = gettext_noop(
    "For what is to be issued the person has no valid certificate, neither from here nor on the"
    " card that was read: choose option 1, issuing, and let the citizen circle it."
)
_UNREAD = gettext_noop(
    "No certificate of this person was issued here. Read the identity card to see whether one is"
    " on it; without a valid one choose option 1, issuing."
)
_EARLY = gettext_noop(
    "The certificate %(serial)s may be renewed from %(day)s on, %(days)s days before its end: ask"
    " the citizen to come again on that day or later."
)


@dataclass(frozen=True)
class Known:
    """A certificate of the person, as far as anybody told us; `status` as in workflow.status."""

    serial: str  # lower-case hex
    issuer: str  # RFC 4514
    until: datetime
    last_day: date  # the same on the office's calendar
    status: str


def check(
    known: Iterable[Known | None], *, read: bool, window: int, now: datetime, today: date
) -> Iterator[Finding]:
    """Find what stands against renewing each of them, the first of it; None: there is none.

    `read`: the card was looked into. `window`: days before the end, 0 for at any time.
    """
    for each in known:
        finding = _nothing(read=read) if each is None else _against(each, window, now, today)
        if finding is not None:
            yield finding
            return


def _nothing(*, read: bool) -> Finding:
    if read:
        return findings.refuse("nothing-to-renew", FIELD, _NONE)
    return findings.warn("card-unread-for-renewal", FIELD, _UNREAD)


def _against(known: Known, window: int, now: datetime, today: date) -> Finding | None:
    if known.until < now:
        return findings.refuse("renewal-too-late", FIELD, _EXPIRED, **_named(known, known.last_day))
    if known.status in _SAYS:
        message = _SAYS[known.status]
        return findings.refuse(f"renewal-of-{known.status}", FIELD, message, serial=known.serial)
    first = known.last_day - timedelta(days=window)
    if window and today < first:
        named = _named(known, first) | {"days": window}
        return findings.refuse("renewal-too-early", FIELD, _EARLY, **named)
    return None


def _named(known: Known, day: date) -> dict[str, object]:
    return {"serial": known.serial, "day": f"{day:%d.%m.%Y.}"}

"""Time stamps (RFC 3161): asked for over HTTP, no answer believed unread; and judged when kept."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
from asn1crypto import cms, core, tsp, x509
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from archive.errors import ArchiveError

_GRANTED = frozenset({"granted", "granted_with_mods"})
_PASSING = frozenset({"time_not_available", "system_failure"})  # RFC 3161, section 2.4.2
_BUSY = frozenset({408, 429})
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"
_LONGEST = 100_000  # bytes of a reply; a stamp with its certificates has about 5 kB


class TimestampError(ArchiveError):
    """Root; `reason` is a stable kebab-case code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnreachableError(TimestampError):
    """The authority does not answer, or something before it does."""


class RefusedError(TimestampError):
    """The authority refused; `reason` is its failInfo or HTTP status, `passing` if it says so."""

    def __init__(self, reason: str, *, passing: bool = False) -> None:
        super().__init__(reason)
        self.passing = passing


class WrongError(TimestampError):
    """A stamp of another nonce, of other content or of an unknown authority: never keep it."""


@dataclass(frozen=True)
class Authority:
    """Whom to ask: an http(s) address, how many seconds to wait, the roots (DER) above it."""

    address: str
    patience: float
    roots: tuple[bytes, ...]


@dataclass(frozen=True)
class Stamp:
    at: datetime
    authority: str


class _Reply(core.Sequence):
    """TimeStampResp of RFC 3161, section 2.4.2; asn1crypto's cannot read one without a stamp."""

    _fields = [
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


class HTTPStamper(TimeStamper):
    """Raises UnreachableError, RefusedError, WrongError."""

    def __init__(self, address: str, patience: float, roots: tuple[x509.Certificate, ...]) -> None:
        super().__init__()
        self._address, self._patience = address, aiohttp.ClientTimeout(total=patience)
        self._roots = roots

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        nonce, request = self.request_cms(message_digest, md_algorithm)
        try:
            reply = _Reply.load(await self._asked(request.dump()))
            _require_granted(reply)
            token = reply["time_stamp_token"]
            _require_own(token["content"]["encap_content_info"]["content"].parsed, request, nonce)
            await self._require_signed(token["content"], message_digest)
        except (ValueError, TypeError, KeyError) as fault:  # not the ASN.1 that it has to be
            raise WrongError("not-a-reply") from fault
        return token

    async def _require_signed(self, stamp: cms.SignedData, digest: bytes) -> None:
        """Require the signature to fit; whose it is, is asked of its certificate later."""
        context = ValidationContext(trust_roots=self._roots)
        found = await validate_tst_signed_data(stamp, context, lambda _hash: digest)
        if not (found["intact"] and found["valid"]):
            raise WrongError("signature")

    async def _asked(self, query: bytes) -> bytes:
        try:
            return await self._post(query)
        except TimeoutError as fault:
            raise UnreachableError("no-answer-in-time") from fault
        except (aiohttp.ClientError, OSError) as fault:
            raise UnreachableError("no-connection") from fault

    async def _post(self, query: bytes) -> bytes:
        kinds = {"Content-Type": _QUERY, "Accept": _REPLY}
        async with (
            aiohttp.ClientSession(timeout=self._patience) as session,
            session.post(
                self._address, data=query, headers=kinds, allow_redirects=False
            ) as response,
        ):
            _require_answered(response)
            body = await response.content.read(_LONGEST)
            while not response.content.at_eof() and len(body) < _LONGEST:
                body += await response.content.read(_LONGEST)
            return body


def _require_answered(response: aiohttp.ClientResponse) -> None:
    """Tell a refusal from a server that is down, or not the authority but something before it."""
    status = response.status
    if status >= 500 or status in _BUSY:  # noqa: PLR2004 - RFC 9110, section 15.6
        raise UnreachableError(f"http-{status}")
    if status != 200:  # noqa: PLR2004
        raise RefusedError(f"http-{status}")
    if response.content_type != _REPLY:
        raise UnreachableError("not-a-time-stamp")


def _require_granted(reply: _Reply) -> None:
    status = reply["status"]
    if status["status"].native in _GRANTED:
        return
    failures = status["fail_info"].native or {status["status"].native}
    passing = bool(_PASSING & failures)
    raise RefusedError("-".join(sorted(failures)).replace("_", "-"), passing=passing)


def _require_own(stamp: tsp.TSTInfo, request: tsp.TimeStampReq, nonce: Any) -> None:
    """Require the stamp to be of this request and of this content."""
    if stamp["nonce"].native != int(nonce):
        raise WrongError("nonce")
    if stamp["message_imprint"].dump() != request["message_imprint"].dump():
        raise WrongError("imprint")


def fetch(content: bytes, authority: Authority) -> bytes:
    """Return a token (DER, a CMS ContentInfo) over the SHA-256 of `content`, judged already."""
    stamper = HTTPStamper(authority.address, authority.patience, _loaded(authority.roots))
    digest = hashlib.sha256(content).digest()
    token: bytes = asyncio.run(stamper.async_timestamp(digest, "sha256")).dump()
    judge(token, content, authority.roots)
    return token


def judge(token: bytes, content: bytes, roots: tuple[bytes, ...]) -> Stamp:
    """Say when whom's clock saw `content`; the authority's chain is judged as of that moment.

    Nothing is fetched, so not whether it was revoked. Raises WrongError.
    """
    try:
        return asyncio.run(_judged(cms.ContentInfo.load(token)["content"], content, roots))
    except (ValueError, TypeError, KeyError, SignatureValidationError) as fault:
        raise WrongError("not-a-stamp") from fault


async def _judged(stamp: cms.SignedData, content: bytes, roots: tuple[bytes, ...]) -> Stamp:
    at: datetime = stamp["encap_content_info"]["content"].parsed["gen_time"].native
    context = ValidationContext(trust_roots=_loaded(roots), moment=at)
    found = await validate_tst_signed_data(
        stamp, context, lambda name: hashlib.new(name, content).digest()
    )
    status = TimestampSignatureStatus(**found)
    if not status.intact:
        raise WrongError("imprint")
    if not status.valid:
        raise WrongError("signature")
    if not status.trusted:
        raise WrongError("unknown-authority")
    return Stamp(at, str(status.signing_cert.subject.human_friendly))


def _loaded(roots: tuple[bytes, ...]) -> tuple[x509.Certificate, ...]:
    return tuple(x509.Certificate.load(each) for each in roots)

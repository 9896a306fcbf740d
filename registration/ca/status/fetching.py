"""HTTP as a status source needs it: bounded in time and bytes, and no other protocol."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import Any
from urllib import error, request

from registration.ca.status.answer import StatusError

Read = Callable[[int], bytes]
"""Returns at least one byte and at most so many; nothing at the end."""

_LONGEST_ANSWER = 64 * 1024  # bytes of an OCSP answer
_FAILURES = (OSError, HTTPException, ValueError)  # URLError is an OSError


def post(address: str, body: bytes, media_type: str, timeout: float) -> bytes:
    asked = _request(address, body, {"Content-Type": media_type})
    with opened(asked, timeout) as read:
        parts: list[bytes] = []
        while part := read(_LONGEST_ANSWER):
            parts.append(part)
            if sum(map(len, parts)) > _LONGEST_ANSWER:
                raise StatusError("answer-too-long")
    return b"".join(parts)


@contextmanager
def get(address: str, timeout: float) -> Iterator[Read]:
    """Give a reader of what lies at the address; it has `timeout` seconds for all of it."""
    with opened(_request(address), timeout) as read:
        yield read


@contextmanager
def opened(asked: request.Request, timeout: float) -> Iterator[Read]:
    ends = time.monotonic() + timeout
    try:
        response = _opener().open(asked, timeout=timeout)
    except _FAILURES as fault:
        raise _unreachable(fault) from fault
    with response:
        yield _reader(response, ends)


def _reader(response: Any, ends: float) -> Read:
    def read(most: int) -> bytes:
        if time.monotonic() > ends:
            raise StatusError("too-slow", retryable=True)
        try:
            part: bytes = response.read1(most)
        except _FAILURES as fault:
            raise _unreachable(fault) from fault
        return part

    return read


def _request(
    address: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> request.Request:
    try:
        return request.Request(address, body, headers or {})  # noqa: S310 see _opener
    except ValueError as fault:
        raise StatusError("address-not-readable") from fault


def _opener() -> request.OpenerDirector:
    """Return what speaks HTTP alone: an address in a certificate opens no file of ours."""
    opener = request.OpenerDirector()
    for handler in (
        request.ProxyHandler,
        request.HTTPHandler,
        request.HTTPSHandler,
        request.HTTPDefaultErrorHandler,
        request.HTTPRedirectHandler,
        request.HTTPErrorProcessor,
        request.UnknownHandler,
    ):
        opener.add_handler(handler())
    return opener


def _unreachable(fault: Exception) -> StatusError:
    if isinstance(fault, error.HTTPError):
        fault.close()
        return StatusError("answered-with-an-error", retryable=True)
    return StatusError("unreachable", retryable=True)

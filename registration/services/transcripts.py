"""Keeps what is said to a certification body about a certificate: evidence for its bundle."""

from collections.abc import Iterator
from contextlib import contextmanager

from registration.ca import transcript
from registration.models import BodyMessage, Issuance


@contextmanager
def kept(issuance: Issuance) -> Iterator[None]:
    """Keep what is exchanged within the block, whatever comes of it.

    Outside of any transaction that a failure would take back.
    """
    with transcript.listening() as heard:
        try:
            yield
        finally:
            BodyMessage.objects.bulk_create(
                BodyMessage(
                    issuance=issuance, kind=each.kind, sent=each.sent, received=each.received
                )
                for each in heard
            )

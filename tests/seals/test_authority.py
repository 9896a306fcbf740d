"""What comes of a time-stamping authority that is down, refuses, or is not who it should be."""

import socket
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from registration.seals import pades
from registration.seals.errors import (
    RevocationUnreachableError,
    SealerRejectedError,
    SealError,
    TimestampRefusedError,
    TimestampUnreachableError,
    TimestampWrongError,
    TransportError,
)
from tests.seals import pki
from tests.seals.answers import Answers, of_another, refused, said, with_a_broken_signature
from tests.seals.conftest import Make, pem_key
from tests.seals.pki import PKI
from tests.seals.stamper import REPLY, Stamper


def failure(paper: bytes, made: object) -> SealError:
    with pytest.raises(SealError) as caught:
        pades.seal(paper, made)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize(
    ("answer", "kind", "reason", "stops"),
    [
        (said(503), TimestampUnreachableError, "http-503", False),
        (said(429), TimestampUnreachableError, "http-429", False),
        (said(200), TimestampUnreachableError, "not-a-time-stamp", False),
        (refused("system_failure"), TimestampRefusedError, "system-failure", False),
        (refused("time_not_available"), TimestampRefusedError, "time-not-available", False),
        (refused("unaccepted_policy"), TimestampRefusedError, "unaccepted-policy", True),
        (Stamper.refused, TimestampRefusedError, "bad-alg", True),
        (said(403), TimestampRefusedError, "http-403", True),
        (said(302), TimestampRefusedError, "http-302", True),
        (said(200, REPLY, b"garbage"), TimestampWrongError, "not-a-reply", True),
        (said(200, REPLY, b""), TimestampWrongError, "not-a-reply", True),
        (of_another("nonce"), TimestampWrongError, "nonce", True),
        (of_another("imprint"), TimestampWrongError, "imprint", True),
        (with_a_broken_signature, TimestampWrongError, "signature", True),
    ],
)
def test_every_bad_answer_has_its_error(
    paper: bytes,
    sealer: Make,
    authority: Stamper,
    answer: Answers,
    kind: type[SealError],
    reason: str,
    stops: bool,  # noqa: FBT001 - a column of the table
) -> None:
    authority.answer = lambda query: answer(authority, query)
    error = failure(paper, sealer("B-T"))
    assert (type(error), error.reason) == (kind, reason)
    assert (error.retryable, error.stops) == (not stops, stops)


def test_an_authority_that_is_down_is_not_one_that_refuses(paper: bytes, sealer: Make) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    error = failure(paper, sealer("B-T", authority=f"http://127.0.0.1:{port}/"))
    assert (type(error), error.reason) == (TimestampUnreachableError, "no-connection")
    assert error.retryable


def test_one_that_does_not_answer_is_waited_for_no_longer_than_said(
    paper: bytes, sealer: Make
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address, began = f"http://127.0.0.1:{silent.getsockname()[1]}/", time.monotonic()
        error = failure(paper, sealer("B-LTA", authority=address, patience=0.3))
    assert isinstance(error, TimestampUnreachableError | RevocationUnreachableError)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("level", ["B-T", "B-LTA"])
def test_a_stamp_of_a_stranger_is_never_kept(
    paper: bytes, sealer: Make, authority: Stamper, tmp_path: Path, level: str
) -> None:
    stranger = Stamper(tmp_path, PKI.make(authority.pki.address))
    authority.answer = stranger.granted
    error = failure(paper, sealer(level))
    assert (type(error), error.reason) == (TimestampWrongError, "unknown-body")


def test_revocation_lists_that_cannot_be_fetched_are_the_networks_fault(
    paper: bytes, sealer: Make, authority: Stamper
) -> None:
    authority.files = {}
    error = failure(paper, sealer("B-LTA"))
    assert (type(error), error.retryable) == (RevocationUnreachableError, True)
    assert isinstance(error, TransportError)
    assert pades.seal(paper, sealer("B-T"))  # it keeps none, so it asks for none


def test_a_revoked_seal_seals_nothing(paper: bytes, sealer: Make, authority: Stamper) -> None:
    made = authority.pki
    authority.files[pki.name(made.body)] = pki.revocations(made.body, [made.seal])
    error = failure(paper, sealer("B-LTA"))
    assert (type(error), error.reason, error.stops) == (SealerRejectedError, "revoked", True)


def test_a_revoked_stamper_stamps_nothing(paper: bytes, sealer: Make, authority: Stamper) -> None:
    made = authority.pki
    authority.files[pki.name(made.body)] = pki.revocations(made.body, [made.stamper])
    error = failure(paper, sealer("B-LTA"))
    assert (type(error), error.reason, error.stops) == (TimestampWrongError, "revoked", True)


@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LTA"])
def test_a_seal_whose_certificate_ended_seals_nothing(
    paper: bytes, sealer: Make, server: Stamper, tmp_path: Path, level: str
) -> None:
    made, long_ago = server.pki, datetime.now(UTC) - timedelta(days=20)
    old = pki.issue(made.body, "Old seal", made.address, years=10 / 365, since=long_ago)
    error = failure(paper, sealer(level, pem_key(tmp_path, old, made.body, passphrase=b"")))
    assert (type(error), error.reason) == (SealerRejectedError, "expired")


def test_a_seal_of_an_unknown_body_or_for_another_purpose_seals_nothing(
    paper: bytes, sealer: Make, server: Stamper, tmp_path: Path
) -> None:
    made = server.pki
    key = pem_key(tmp_path, made.seal, made.body, passphrase=b"")
    error = failure(paper, sealer("B-B", key, roots=(made.stamper.der,)))
    assert (type(error), error.reason) == (SealerRejectedError, "unknown-body")
    key = pem_key(tmp_path, made.body, made.root, passphrase=b"")  # it signs certificates only
    error = failure(paper, sealer("B-B", key))
    assert (type(error), error.reason) == (SealerRejectedError, "key-usage")

"""Time stamps on signed heads, from a real authority: OpenSSL answers, and judges what we keep."""

import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from archive import keyfile
from archive.services import audit
from archive.services.log import heads, stamps, verification
from tests.archive.stamping import server, tsa
from tests.seals.answers import of_another, refused, said, with_a_broken_signature
from tests.seals.stamper import Stamper

__all__ = ["server", "tsa"]

pytestmark = pytest.mark.django_db


def sign(times: int = 1) -> None:
    for _ in range(times):
        with audit.transaction():
            audit.append("noted", subject="S", by=None)
        heads.sign_head()


def waiting() -> list[int]:
    return [head.number for head in stamps.missing(heads.heads_file())]


def test_openssl_accepts_what_is_kept(tsa: Stamper, tmp_path: Path) -> None:
    sign()
    assert stamps.stamp_missing() == 1
    (head,) = stamps.every(heads.heads_file())
    words = ["openssl", "ts", "-verify", "-token_in", "-in", head.token, "-digest", head.token.stem]
    done = subprocess.run(
        [*words, "-CAfile", tmp_path / "roots.pem"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "Verification: OK")
    assert verification.verify() == verification.Report(1, 1, 1, 0, (), stamped=1)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (said(503), "does not answer (http-503)"),
        (refused("unaccepted_policy"), "refuses (unaccepted-policy)"),
        (of_another("nonce"), "not to be trusted (nonce)"),
        (of_another("imprint"), "not to be trusted (imprint)"),
        (with_a_broken_signature, "not to be trusted (signature)"),
    ],
)
def test_a_wrong_answer_is_thrown_away_and_asked_for_again(
    tsa: Stamper, caplog: pytest.LogCaptureFixture, answer: object, told: str
) -> None:
    tsa.answer = lambda query: answer(tsa, query)  # type: ignore[operator]
    sign()
    assert stamps.stamp_missing() == 0
    assert told in caplog.text
    assert waiting() == [1]
    tsa.answer = tsa.granted
    assert (stamps.stamp_missing(), waiting()) == (1, [])


def test_an_authority_that_is_away_holds_nothing_up_and_is_caught_up(
    tsa: Stamper, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sign(2)
    stamps.stamp_missing()
    assert waiting() == []  # the last one's stamp proves those above it
    right = settings.OVERA["AUDIT_TSA"]
    monkeypatch.setitem(settings.OVERA, "AUDIT_TSA", {**right, "ADDRESS": "http://127.0.0.1:9/"})
    sign(2)
    with pytest.raises(CommandError, match="without a time stamp: lines 3, 4"):
        call_command("stamp_heads")
    assert "does not answer (no-connection)" in capsys.readouterr().err
    call_command("verify_audit")
    assert capsys.readouterr().out == (
        "the audit holds: 4 events in 1 streams, 4 signed heads, 1 of them with a time stamp; "
        "without one yet: lines 3, 4\n"
    )
    monkeypatch.setitem(settings.OVERA, "AUDIT_TSA", right)
    call_command("stamp_heads")
    assert waiting() == []


def test_an_authority_below_another_root_is_not_believed(
    tsa: Stamper, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "roots.pem").write_bytes(tsa.pki.seal.pem)
    sign()
    assert stamps.stamp_missing() == 0
    assert "not to be trusted (unknown-authority)" in caplog.text


def test_a_token_of_another_line_is_found(tsa: Stamper) -> None:
    sign()
    stamps.stamp_missing()
    sign()
    first, second = stamps.every(heads.heads_file())
    second.token.write_bytes(first.token.read_bytes())
    assert verification.verify().findings == (verification.Finding(verification.FILE, 2, "stamp"),)


def test_without_an_authority_nobody_is_asked(heads_file: Path, server: Stamper) -> None:
    before = server.asked
    sign()
    assert (stamps.stamp_missing(), server.asked) == (0, before)
    with pytest.raises(CommandError, match="no time-stamping authority"):
        call_command("stamp_heads")


def read_so_far() -> int:
    """Return how many bytes this process has read, from files and sockets."""
    return int(Path("/proc/self/io").read_text().split()[1])


@pytest.mark.parametrize("ever_stamped", [True, False])
def test_health_looks_at_the_end_of_the_heads_alone(
    tsa: Stamper, heads_file: Path, *, ever_stamped: bool
) -> None:
    """A monitoring program asks each minute; of fifteen years there are 131,000 heads."""
    sign()
    line = heads_file.read_bytes()
    heads_file.write_bytes(line * (20_000_000 // len(line)))
    sign(2)
    if ever_stamped:
        *_, last = stamps.every(heads_file)
        keyfile.read(last.token, lambda: b"a token")
        sign(3)
    before = read_so_far()
    answer = Client().get("/health/")
    assert read_so_far() - before < 1_000_000
    expected = 3 if ever_stamped else stamps.AT_ONCE
    assert (answer.status_code, answer.json()["unstamped"]) == (200, expected)

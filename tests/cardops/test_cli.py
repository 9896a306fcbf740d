"""The command line as an engineer uses it: JSON read, a PIN typed at a terminal."""

import json
import os
import pty
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from cardops.cli.outcome import Status
from cardops.virtual import service
from cardops.virtual.control import Control
from registration.ca import subject
from tests.cardops.bodies import YEAR, Body, hierarchy
from tests.pinpad.pad import Citizen, plugged_in
from tests.reader import put_in, take_out

PIN, WRONG = b"83520174", b"99999999"
_COMMAND = [sys.executable, "-m", "cardops"]


def call(*arguments: object, **environment: str) -> tuple[int, Any]:
    """Return the exit code and what was printed as JSON."""
    ended = subprocess.run(
        [*_COMMAND, *map(str, arguments), "--json"],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return ended.returncode, json.loads(ended.stdout)


def said(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [*_COMMAND, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def codes(answer: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in answer["findings"]]


class Terminal:
    """A program at a terminal of its own: what it shows is read until it asks."""

    def __init__(self, arguments: Sequence[object]) -> None:
        self.shown = ""
        self._terminal, inner = pty.openpty()
        command = ["setsid", "--ctty", *_COMMAND, *map(str, arguments)]
        self._program = subprocess.Popen(command, stdin=inner, stdout=inner, stderr=inner)
        os.close(inner)

    def answer(self, prompt: str, typed: bytes) -> None:
        while not self.shown.endswith(prompt):
            self.shown += os.read(self._terminal, 1).decode(errors="replace")
        os.write(self._terminal, typed + b"\n")

    def end(self) -> int:
        """Read the rest; return the exit code."""
        try:
            while more := os.read(self._terminal, 4096):
                self.shown += more.decode(errors="replace")
        except OSError:  # Linux ends a terminal so
            pass
        os.close(self._terminal)
        return self._program.wait(30)


@contextmanager
def another_service(*readers: str) -> Iterator[str]:
    """Run a pcscd with these readers; yield where it listens."""
    with tempfile.TemporaryDirectory(prefix="overa-") as folder:
        process = service.start(Path(folder), readers=readers)
        try:
            yield str(service.socket_path(Path(folder)))
        finally:
            service.stop(process)


@pytest.mark.card
def test_readers_are_listed(card: Control) -> None:
    status, listed = call("readers")
    assert status == Status.DONE
    assert [(each["name"], each["card_present"]) for each in listed] == [
        ("Virtual PCD 00 00", True),
        ("Virtual PCD 00 01", False),
    ]
    assert listed[0]["atr"].startswith("3b")


def test_the_service_does_not_run() -> None:
    nowhere = {"PCSCLITE_CSOCK_NAME": "/nonexistent/pcscd.comm"}
    assert call("readers", **nowhere)[0] == Status.NOTHING_THERE
    status, answer = call("diagnose", **nowhere)
    assert (status, codes(answer)) == (Status.FOUND, ["service-down"])


@pytest.mark.card
def test_there_is_no_reader() -> None:
    with another_service() as address:
        status, answer = call("diagnose", PCSCLITE_CSOCK_NAME=address)
    assert (status, codes(answer)) == (Status.FOUND, ["no-reader"])


@pytest.mark.card
def test_a_virtual_reader_stands_before_the_real_one() -> None:
    with another_service("Windows Hello for Business", "Reader A") as address:
        _status, answer = call("diagnose", PCSCLITE_CSOCK_NAME=address)
    assert codes(answer) == ["virtual-reader", "no-certificate"]
    assert answer["seen"]["reader"] == "Reader A 00 00"
    assert answer["findings"][0]["note"]


@pytest.mark.card
def test_a_finding_is_said_in_the_language_that_is_asked_for(card: Control) -> None:
    take_out(card)
    shown = {
        language: said("diagnose", "--language", language).stdout.splitlines()[0]
        for language in ("en", "sr-Cyrl", "sr-Latn")
    }
    assert shown == {
        "en": "! no-card: There is no card in the reader.",
        "sr-Cyrl": "! no-card: У читачу нема карте.",
        "sr-Latn": "! no-card: U čitaču nema karte.",
    }
    assert said("read").returncode == Status.NOTHING_THERE


@pytest.mark.card
def test_a_card_is_read(card: Control, tmp_path: Path) -> None:
    status, read = call("read", "--portrait", tmp_path / "portrait.jpg")
    assert (status, read["person"]["surname"], "portrait" in read) == (0, "Ђорђевић", False)
    assert (tmp_path / "portrait.jpg").read_bytes().startswith(b"\xff\xd8")


@pytest.mark.card
def test_a_trace_says_nothing_of_the_holder(card: Control) -> None:
    traced = said("read", "--trace")
    assert "> 00b0" in traced.stderr
    assert b"0101990610020".hex() not in traced.stderr


def request(tmp_path: Path) -> list[object]:
    (tmp_path / "management.key").write_text("0f" * 24)
    journal, key = tmp_path / "journal.sqlite3", tmp_path / "management.key"
    return ["issue", "--journal", journal, "--management-key", key, "--issuance", "laboratory-1"]


@pytest.mark.card
def test_a_key_and_its_certificate_come_onto_the_card(card: Control, tmp_path: Path) -> None:
    body = hierarchy(tmp_path)
    both = "2.5.4.5=PNORS-0101990610020+2.5.4.5=CA:RS-001234567"  # in one RDN
    named = ["--subject", f"CN=Test card,{both},C=RS", "--email", "card@example.rs"]
    terminal = Terminal([*request(tmp_path), *named])
    terminal.answer("PIN: ", PIN)
    terminal.answer("The same PIN again: ", PIN)
    assert terminal.end() == Status.DONE
    pem = terminal.shown[terminal.shown.index("-----BEGIN") :].replace("\r", "")
    asked = x509.load_pem_x509_csr(pem.encode())
    assert [part.rfc4514_string() for part in asked.subject.rdns] == [
        "C=RS",
        "2.5.4.5=CA:RS-001234567+2.5.4.5=PNORS-0101990610020",  # sorted as DER
        "CN=Test card",
    ]
    assert subject.addresses(asked.extensions) == ("card@example.rs",)
    certified(body, asked, tmp_path / "card.cer")

    terminal = Terminal([*request(tmp_path), "--certificate", tmp_path / "card.cer"])
    terminal.answer("PIN: ", PIN)
    assert terminal.end() == Status.DONE
    assert PIN.decode() not in terminal.shown
    (tmp_path / "card.cer").unlink()  # it does not belong to the body's own
    status, answer = call("diagnose", "--authorities", tmp_path)
    assert (status, codes(answer)) == (Status.DONE, ["no-authentication-certificate"])
    assert call("certificates")[1][0]["issuer"] == "Issuing"


def certified(body: Body, asked: x509.CertificateSigningRequest, path: Path) -> None:
    now = body.certificate.not_valid_before_utc + YEAR / 2
    issued = body.certify(asked.subject, asked.public_key(), now, now + YEAR)
    path.write_bytes(issued.public_bytes(Encoding.PEM))


@pytest.mark.card
def test_another_bodys_certificate_is_not_written(card: Control, tmp_path: Path) -> None:
    body = hierarchy(tmp_path)
    (tmp_path / "card.cer").write_bytes(body.for_card())
    ended = said(*request(tmp_path), "--certificate", tmp_path / "card.cer")
    assert (ended.returncode, ended.stdout.split(":")[0]) == (Status.WRITING, "key-not-on-card")


@pytest.fixture
def with_pin(card: Control, tmp_path: Path) -> Control:
    """Let the holder choose the first PIN."""
    terminal = Terminal([*request(tmp_path), "--subject", "CN=Test card"])
    terminal.answer("PIN: ", PIN)
    terminal.answer("The same PIN again: ", PIN)
    assert terminal.end() == Status.DONE
    return card


@pytest.mark.card
def test_a_pin_is_verified_once(with_pin: Control) -> None:
    terminal = Terminal(["verify-pin", "--trace"])
    terminal.answer("PIN: ", PIN[:4] + b"9\x7f" + PIN[4:])  # a slip of the finger, taken back
    assert terminal.end() == Status.DONE
    assert "3 tries left." in terminal.shown
    assert PIN.decode() not in terminal.shown
    assert PIN.hex() not in terminal.shown


@pytest.mark.card
def test_a_wrong_pin_is_not_tried_again_and_the_last_try_wants_consent(with_pin: Control) -> None:
    for left in (2, 1):
        terminal = Terminal(["verify-pin"])
        terminal.answer("PIN: ", WRONG)
        assert terminal.end() == Status.PIN
        assert with_pin.status()["pin_left"] == left
    terminal = Terminal(["verify-pin"])
    terminal.answer("[y/N]: ", b"n")
    assert terminal.end() == Status.PIN
    assert with_pin.status()["pin_left"] == 1
    terminal = Terminal(["verify-pin"])
    terminal.answer("[y/N]: ", b"y")
    terminal.answer("PIN: ", PIN)
    assert terminal.end() == Status.DONE


@pytest.mark.card
def test_a_pin_is_typed_on_the_readers_keys(card: Control) -> None:
    with plugged_in(card.folder, Citizen("123456\n")) as holder:
        ended = said("verify-pin")
    assert (ended.returncode, holder.seen) == (Status.DONE, ["pin"])
    assert "Type your PIN on the keys of the card reader" in ended.stderr


@pytest.mark.card
def test_who_is_silent_costs_no_try(with_pin: Control) -> None:
    ended = Terminal(["verify-pin", "--seconds", "0.5"])
    assert ended.end() == Status.PIN
    assert with_pin.status()["pin_left"] == 3
    put_in(with_pin)


def test_a_management_key_of_a_wrong_size_is_refused(tmp_path: Path) -> None:
    arguments = request(tmp_path)
    (tmp_path / "management.key").write_text("0f" * 5)
    ended = said(*arguments, "--subject", "CN=Test card")
    assert (ended.returncode, ended.stdout) == (2, "")

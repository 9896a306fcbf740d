"""A whole issuing on each path with every log level on: the PIN is found nowhere but in the card.

pcscd's `--apdu` is on for the pin pad alone: with a typed PIN it logs VERIFY in clear, as the last
test shows; so it is never started with it.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.x509 import load_pem_x509_csr

from cardops.cli.outcome import Status
from cardops.virtual import service
from tests.cardops import test_cli
from tests.cardops.bodies import hierarchy
from tests.leaks import memory, search, spellings
from tests.leaks.counter import Counter
from tests.pinpad.pad import Citizen, plugged_in
from tests.stories import chromium
from tests.stories.office import Office

pytestmark = [pytest.mark.stack, pytest.mark.card]

PIN = b"60927358"
DESK = {"log_level": "DEBUG"}


def test_a_pin_typed_on_the_readers_keys(
    counter: Counter, office: Office, on_line: Callable[[], None]
) -> None:
    citizen = Citizen(*[f"{PIN.decode()}\n"] * 4)
    with counter.pcscd("--debug", "--apdu"), plugged_in(counter.reader, citizen):
        counter.configure_desk(**DESK, keypad="none")
        on_line()
        office.confirmed(office.start(office.signed_case()))
        require_nowhere(counter, office)
        assert citizen.seen == ["new", "again", "pin", "pin"]
        assert "pin pad: VERIFY_PIN_DIRECT < 9000" in counter.log("desk")
        assert "APDU: 00 47 00 9C" in counter.said_by_pcscd()


@pytest.mark.browser
@pytest.mark.parametrize("keypad", ["none", "scrambled"])
def test_a_pin_typed_on_the_citizen_screen(
    counter: Counter, office: Office, on_line: Callable[[], None], keypad: str
) -> None:
    profile = counter.rest / f"browser-{keypad}"
    options = (f"--user-data-dir={profile}", "--enable-logging", "--v=1")
    with counter.pcscd("--debug"), chromium.browser(*options) as citizen:
        counter.configure_desk(**DESK, keypad=keypad)
        on_line()
        issuance = office.start(office.signed_case())
        citizen.open(office.screen())
        type_twice(citizen, keypad)
        office.confirmed(issuance)
        require_forgotten(counter.stack.children["desk"].pid)
        require_nowhere(counter, office)
        assert "> 00200080 <9 bytes> < <0 bytes> 9000" in counter.log("desk")
        assert counter.said_by_pcscd()
    assert search.holding(PIN, *counter.folders) == []
    assert search.files(profile)


def test_a_pin_typed_at_a_terminal(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both halves of an issuing by the command line, where every logger writes to a file."""
    work = counter.rest / "terminal"
    work.mkdir()
    logs = f"import logging\nlogging.basicConfig(level=1, filename={str(work / 'log')!r})\n"
    (work / "sitecustomize.py").write_text(logs)
    monkeypatch.setenv("PYTHONPATH", str(work))
    monkeypatch.setenv("PCSCLITE_CSOCK_NAME", str(service.socket_path(counter.reader)))
    with counter.pcscd("--debug"):
        body, call = hierarchy(work), [*test_cli.request(work), "--trace"]
        first = test_cli.Terminal([*call, "--subject", "CN=Test card,C=RS"])
        first.answer("PIN: ", PIN)
        first.answer("The same PIN again: ", PIN)
        assert first.end() == Status.DONE
        pem = first.shown[first.shown.index("-----BEGIN") :].replace("\r", "")
        test_cli.certified(body, load_pem_x509_csr(pem.encode()), work / "card.cer")
        second = test_cli.Terminal([*call, "--certificate", work / "card.cer"])
        second.answer("PIN: ", PIN)
        assert second.end() == Status.DONE
        (work / "shown").write_text(first.shown + second.shown)
        assert "> 00200080 <9 bytes> < <0 bytes> 9000" in second.shown
        assert "DEBUG" in (work / "log").read_text()
        assert search.holding(PIN, *counter.folders) == []


def type_twice(citizen: chromium.Browser, keypad: str) -> None:
    citizen.see('body[data-state="choose"]')
    for field in ("pin", "again"):
        if keypad == "none":
            citizen.see(f"#{field}").send_keys(PIN.decode())
        else:
            citizen.click(f"#{field}-dots")
            for digit in PIN.decode():
                citizen.click_text("#keys button", digit)
    assert PIN.decode() not in citizen.chrome.page_source
    citizen.click("#confirm")


def require_nowhere(counter: Counter, office: Office) -> None:
    """Search everything, while all programs still run."""
    database = search.dumped(counter.stack.folder / "database")
    names = {path.name for path in search.files(*counter.folders)}
    told = {"desk.log", "worker.log", "beat.log", "pcscd.log", "journal.sqlite3"}
    assert told | {"journal.sqlite3-wal", database.name} <= names
    assert "DEBUG" in counter.log("desk")
    assert "DEBUG" in counter.log("worker")
    assert search.holding(PIN, *counter.folders) == []
    assert [name for name in names if name.startswith("core")] == []


def require_forgotten(agent: int) -> None:
    """Search the memory of the desk's program, which nobody but root may read."""
    if os.geteuid() == 0:
        assert memory.copies(agent, b"cardops.pin.screen") > 0
        assert memory.copies(agent, PIN) == 0
    else:
        with pytest.raises(PermissionError):
            memory.copies(agent, PIN)


def test_the_search_finds_a_pin_in_every_spelling(tmp_path: Path) -> None:
    for number, spelling in enumerate(spellings.of(PIN)):
        (tmp_path / str(number)).write_bytes(b"before" + spelling + b"after")
    (tmp_path / "other").write_bytes(b"60927357")
    assert len(search.holding(PIN, tmp_path)) == len(spellings.of(PIN)) == 15


def test_pcscd_with_apdu_would_give_a_typed_pin_away(counter: Counter) -> None:
    """So the search finds what is there, and pcscd is never started like this."""
    program = (
        "from cardops import transport; from cardops.cards import selection;"
        "from cardops.channel import Channel; connection = transport.connect();"
        f"selection.select(Channel(connection)).verify(bytearray({PIN!r}))"
    )
    environment = os.environ | {"PCSCLITE_CSOCK_NAME": str(service.socket_path(counter.reader))}
    with counter.pcscd("--debug", "--apdu"):
        command = [sys.executable, "-c", program]
        ended = subprocess.run(command, env=environment, capture_output=True, check=False)
        assert b"InvalidPinError" in ended.stderr
        assert [path.name for path in search.holding(PIN, counter.reader)] == [service.LOG]

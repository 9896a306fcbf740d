"""What is wrong with a card, each cause on a real pcscd."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from cardops import errors, transport
from cardops.channel import Channel
from cardops.diagnose import Code, Diagnosis, Surroundings, examine, readers, words
from cardops.texts import Texts
from cardops.transport import ReaderState
from cardops.virtual.control import Control
from tests.cardops import applications
from tests.cardops.bodies import YEAR, Body, hierarchy
from tests.cardops.stored import store
from tests.reader import put_in, take_out, wait_until

DAY = timedelta(days=1)
WRONG = bytearray(b"99999999")
_HOLDER = """
import sys, time
from smartcard import scard
_, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
share = scard.SCARD_SHARE_EXCLUSIVE if sys.argv[1] == "exclusive" else scard.SCARD_SHARE_SHARED
result, handle, _ = scard.SCardConnect(context, "Virtual PCD 00 00", share, 3)
if sys.argv[1] == "transaction":
    scard.SCardBeginTransaction(handle)
print("refused" if result else "held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def body(tmp_path: Path) -> Body:
    return hierarchy(tmp_path)


def look(folder: Path | None = None, **around: object) -> Diagnosis:
    return examine(Surroundings(authorities=folder, **around))


def codes(found: Diagnosis) -> list[str]:
    return [finding.code.value for finding in found.findings]


@contextmanager
def another_program(how: str) -> Iterator[None]:
    command = [sys.executable, "-c", _HOLDER, how]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "held\n"
        yield
        program.kill()


@pytest.mark.card
def test_a_card_in_order_has_no_finding(card: Control, body: Body, tmp_path: Path) -> None:
    store(signing=body.for_card(), authentication=body.for_card())
    before = card.status()["pin_left"]
    found = look(tmp_path)
    assert (codes(found), found.hinders) == ([], False)
    assert (found.seen.document_number, found.seen.issued_on) == ("••••••543", date(2022, 3, 15))
    assert found.seen.certificates[0].subject == "C=RS, PNORS-••••••••••020"
    assert card.status()["pin_left"] == before == found.seen.tries_left
    assert Diagnosis.from_json(found.to_json()) == found


@pytest.mark.card
def test_a_serbian_card_with_its_two_certificates(card: Control) -> None:
    put_in(card, applet="cardedge")
    found = look()
    assert (codes(found), found.seen.application) == ([], "cardedge")
    assert [seen.role for seen in found.seen.certificates] == ["signing", "authentication"]


@pytest.mark.card
def test_an_empty_reader(card: Control) -> None:
    take_out(card)
    assert codes(look()) == ["no-card"]
    assert codes(look(reader="Virtual PCD 00 00")) == ["no-card"]


@pytest.mark.card
def test_a_reader_that_was_unplugged(card: Control) -> None:
    assert codes(look(reader="The reader of the desk")) == ["no-reader"]


@pytest.mark.card
def test_a_card_the_wrong_way_round(card: Control) -> None:
    put_in(card, mute=True)
    assert codes(look()) == ["card-mute"]


@pytest.mark.card
def test_a_card_pulled_while_it_is_examined(card: Control) -> None:
    card.fault("pull", ins=0xB0)
    assert codes(look()) == ["card-removed"]


@pytest.mark.card
def test_a_chip_that_refuses_everything(card: Control) -> None:
    card.fault("status", ins=0xB0, sw=0x6F00)
    assert codes(look()) == ["card-faulty"]


@pytest.mark.card
def test_a_card_of_a_bank(card: Control) -> None:
    put_in(card, identity="none", applet="")
    assert codes(look()) == ["unknown-card"]


@pytest.mark.card
@pytest.mark.parametrize(
    ("day", "found"), [("18082014", "card-too-old"), ("19082014", "no-certificate")]
)
def test_the_day_after_which_chips_fit(card: Control, day: str, found: str) -> None:
    put_in(card, document={"issued_on": day})
    assert codes(look()) == [found]


@pytest.mark.card
def test_a_card_of_2008(card: Control) -> None:
    put_in(card, "dragana", identity="old")
    found = look()
    assert (codes(found), found.seen.card) == (["card-too-old"], "old")


@pytest.mark.card
def test_an_identity_card_that_expired(card: Control) -> None:
    put_in(card, document={"expires_on": "01012020"})
    assert codes(look()) == ["card-expired", "no-certificate"]


@pytest.mark.card
def test_a_chip_without_an_application_for_signing(card: Control) -> None:
    put_in(card, applet="")
    assert codes(look()) == ["no-signature-application"]


@pytest.mark.card
def test_a_card_without_certificates(card: Control) -> None:
    assert codes(look()) == ["no-certificate"]


@pytest.mark.card
def test_validity_of_both_certificates(card: Control, body: Body, tmp_path: Path) -> None:
    store(signing=body.for_card(last=-DAY), authentication=body.for_card(first=DAY))
    found = look(tmp_path)
    assert codes(found) == ["certificate-not-yet-valid", "certificate-expired"]
    assert [finding.facts["roles"] for finding in found.findings] == [
        ["authentication"],
        ["signing"],
    ]


@pytest.mark.card
def test_one_finding_names_both_certificates(card: Control, body: Body, tmp_path: Path) -> None:
    store(signing=body.for_card(last=-YEAR / 2), authentication=body.for_card(last=-YEAR / 2))
    (expired,) = look(tmp_path).findings
    assert (expired.code, expired.facts["roles"]) == (Code.EXPIRED, ["signing", "authentication"])


@pytest.mark.card
def test_a_certificate_that_is_none(card: Control) -> None:
    store(signing=b"no certificate")
    assert codes(look()) == ["certificate-unreadable", "no-authentication-certificate"]


@pytest.mark.card
def test_pins_that_were_wrong(card: Control) -> None:
    connection = transport.connect()
    piv = applications.piv(Channel(connection))
    with pytest.raises(errors.InvalidPinError):
        piv.verify(WRONG)
    assert codes(look()) == ["pin-tries-used", "no-certificate"]
    for refusal in (errors.InvalidPinError, errors.PinBlockedError):
        with pytest.raises(refusal):
            piv.verify(WRONG)
    connection.close()
    assert codes(look()) == ["pin-blocked", "no-certificate"]


@pytest.mark.card
@pytest.mark.parametrize("gone", ["root.pem", "issuing.cer"])
def test_a_chain_with_a_hole(card: Control, body: Body, tmp_path: Path, gone: str) -> None:
    store(signing=body.for_card(), authentication=body.for_card())
    (tmp_path / gone).unlink()
    (hole,) = look(tmp_path).findings
    assert (hole.code, hole.facts["issuer"].lower()) == (Code.CHAIN_MISSING, Path(gone).stem)
    assert codes(look()) == []  # a desk without a folder looks for no chain


@pytest.mark.card
def test_a_body_of_the_same_name_is_another_one(card: Control, body: Body, tmp_path: Path) -> None:
    store(signing=body.for_card(), authentication=body.for_card())
    hierarchy(tmp_path)
    assert codes(look(tmp_path)) == ["chain-missing"]


@pytest.mark.card
def test_a_file_that_is_no_certificate_is_named(card: Control, body: Body, tmp_path: Path) -> None:
    store(signing=body.for_card(), authentication=body.for_card())
    (tmp_path / "root.cer").write_text("nothing")
    (spoiled,) = look(tmp_path).findings
    assert (spoiled.code, spoiled.facts) == (Code.CONFIGURATION, {"file": "root.cer"})


@pytest.mark.card
@pytest.mark.parametrize("how", ["exclusive", "transaction"])
def test_a_card_that_another_program_holds(card: Control, how: str) -> None:
    wait_until(transport.card_present)
    with another_program(how):
        assert codes(look(patience=0.5)) == ["card-held-by-another-program"]
    wait_until(lambda: "pcsc" not in {thread.name for thread in threading.enumerate()})
    wait_until(lambda: not any(state.exclusive for state in transport.states()))
    assert codes(look()) == ["no-certificate"]
    with another_program("exclusive"):
        """Who waited in vain has left nothing open that would keep others off."""


REAL, OTHER, HELLO = "Reader A", "Reader B", "Windows Hello for Business 1"


def with_card(*names: str, among: tuple[str, ...]) -> list[ReaderState]:
    return [ReaderState(name, name in names, exclusive=False, atr=b"") for name in among]


@pytest.mark.parametrize(
    ("states", "wanted", "noted", "chosen"),
    [
        (with_card(REAL, among=(REAL, OTHER)), None, [], REAL),
        (with_card(OTHER, among=(REAL, OTHER)), None, [Code.SEVERAL_READERS], OTHER),
        (with_card(REAL, OTHER, among=(REAL, OTHER)), None, [Code.SEVERAL_READERS], REAL),
        (with_card(OTHER, among=(REAL, OTHER)), OTHER, [], OTHER),
        (with_card(OTHER, among=(REAL, OTHER)), REAL, [Code.SEVERAL_READERS], REAL),
        (with_card(HELLO, REAL, among=(HELLO, REAL)), None, [Code.VIRTUAL_READER], REAL),
    ],
)
def test_which_reader_is_looked_into(
    states: list[ReaderState], wanted: str | None, noted: list[Code], chosen: str
) -> None:
    assert [code for code, _facts in readers.notes(states, wanted)] == noted
    assert readers.choose(states, wanted) == chosen


def test_a_virtual_reader_alone_is_none() -> None:
    with pytest.raises(errors.NoReaderError):
        readers.choose(with_card(HELLO, among=(HELLO,)), None)


def test_a_remote_session_is_told_by_its_name() -> None:
    assert readers.is_remote({"SESSIONNAME": "RDP-Tcp#3"})
    assert readers.is_remote({"XRDP_SESSION": "1"})
    assert not readers.is_remote({"SESSIONNAME": "Console"})


FACTS = {
    "readers": [HELLO],
    "used": REAL,
    "issued_on": "2014-08-18",
    "expires_on": "2020-01-01",
    "on": "2020-01-01",
    "roles": ["signing", "authentication"],
    "tries_left": 1,
    "issuer": "Root",
    "file": "root.cer",
}


@pytest.mark.parametrize("language", ["en", "sr-Cyrl", "sr-Latn"])
@pytest.mark.parametrize("code", Code)
def test_every_finding_says_what_is_wrong_and_what_to_do(code: Code, language: str) -> None:
    said = words.of(words.Finding(code, FACTS), Texts(language, Path("locale")))
    assert said.wrong.endswith(".")
    assert said.next.endswith(".")
    assert "%(" not in said.wrong + said.next
    if language != "en":
        assert said.wrong != words.of(words.Finding(code, FACTS), Texts("en", None)).wrong

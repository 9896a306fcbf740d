"""Two desks on one machine: each its own code, keys, reader and citizen, both at work at once."""

import base64
import secrets
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cryptography import x509

from cardops import transport
from cardops.cards import selection
from cardops.cards.profile import Role
from cardops.channel import Channel
from cardops.virtual.control import Control
from cardops.virtual.people import PEOPLE
from registration.ca import profiles, proof, subject
from registration.ca.base import EnrolmentRequest
from registration.ca.embedded.authority import EmbeddedCA
from tests.desk.counter_pc import Broker, CounterPC
from tests.reader import put_in, wait_until

pytestmark = pytest.mark.card

READERS = ("Virtual PCD 00 00", "Virtual PCD 00 01")
CITIZEN = [sys.executable, "-m", "cardops.virtual.citizen", "{url}", "--pin-file"]


@pytest.fixture
def second(reader: Control) -> Iterator[Control]:
    """Give the second reader, with Marko's card in it; Milica's is in the first."""
    put_in(reader)
    other = Control(reader.folder, slot=1)
    other.new_card("marko")
    wait_until(lambda: transport.card_present(READERS[1]))
    yield other
    other.remove()
    wait_until(lambda: not transport.card_present(READERS[1]))


@pytest.fixture
def counters(second: Control) -> Iterator[list[CounterPC]]:
    with TemporaryDirectory(prefix="overa-") as folder:
        broker = Broker(Path(folder))
        broker.start()
        made = [_counter(Path(folder), broker, number) for number in (0, 1)]
        try:
            for each in made:
                each.start()
            yield made
        finally:
            for each in made:
                each.kill()
                each.app.pool.force_close_all()
            broker.kill()


def _counter(folder: Path, broker: Broker, number: int) -> CounterPC:
    browser = [*CITIZEN, str(folder / f"pin-{number}")]
    settings = {"reader": READERS[number], "browser": browser}
    return CounterPC(folder, broker, code=f"desk-{number}", settings=settings)


def issue(counter: CounterPC, body: EmbeddedCA, person: str, issued: dict[str, bytes]) -> None:
    """Play the server for one certificate on one desk."""
    holder = PEOPLE[person]
    named = subject.build(holder.given_name, holder.surname, holder.jmbg, holder.document_number)
    shared = {
        "role": "signing",
        "key_type": "P-256",
        "expected": {"jmbg": holder.jmbg},
        "management_key": _text(secrets.token_bytes(24)),
        "language": "en",
    }
    about = {"case": person, "issuance": person}
    wanted = {"subject": named, "ca_healthy_at": time.time()}
    counter.ask("make-request", shared | wanted, **about)
    made = counter.hears("request-made").body
    csr = base64.b64decode(made["csr"])
    proof.verify_request(csr, named)
    enrolment = EnrolmentRequest(person, csr, named, profiles.STRICT_SIGNING)
    certificate = body.enrol(enrolment).certificate
    challenge = proof.new_challenge()
    given = {"certificate": _text(certificate), "challenge": _text(challenge)}
    counter.ask("write-certificate", shared | given | {"public_key": made["public_key"]}, **about)
    signature = counter.hears("certificate-written").body["signature"]
    proof.verify_pairing(certificate, person, challenge, base64.b64decode(signature))
    counter.ask("release", {"outcome": "done"}, **about)
    counter.hears("released")
    issued[person] = certificate


def test_both_issue_at_once_each_on_its_own_reader(
    counters: list[CounterPC], tmp_path: Path
) -> None:
    body, issued = EmbeddedCA(tmp_path / "ca"), {}
    people = ("milica", "marko")
    works = [
        threading.Thread(target=issue, args=(counter, body, person, issued))
        for counter, person in zip(counters, people, strict=True)
    ]
    for each in works:
        each.start()
    for each in works:
        each.join()
    assert [on_card(reader) for reader in READERS] == [issued["milica"], issued["marko"]]
    names = [x509.load_der_x509_certificate(issued[person]).subject for person in people]
    assert names[0] != names[1]


def test_a_desk_never_touches_the_other_ones_reader(
    counters: list[CounterPC], reader: Control, second: Control
) -> None:
    mine = counters[0]
    reader.remove()
    mine.hears("hello", reader=READERS[0], card_present=False)
    before = second.status()["commands"]
    mine.ask("read-identity")
    assert mine.hears("failed").body["code"] == "no-card"
    assert second.status()["commands"] == before


def on_card(reader: str) -> bytes | None:
    connection = transport.connect(reader)
    try:
        return selection.select(Channel(connection)).read_certificate(Role.SIGNING)
    finally:
        connection.close()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()

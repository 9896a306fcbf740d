"""The desk's program on a real broker and a real pcscd: what it refuses, and what it survives."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from cardops.cards import selection
from cardops.journal import Journal
from cardops.messages import Keys
from cardops.virtual import service
from cardops.virtual.control import Control
from tests.desk.counter_pc import CounterPC, at_work, wait_for
from tests.reader import put_back, put_in, take_out

pytestmark = pytest.mark.card

QUEUE = "desk.desk-1"


@pytest.fixture(scope="module")
def counter(reader: Control) -> Iterator[CounterPC]:
    put_in(reader)
    with at_work() as working:
        working.start()
        working.hears("hello", card_present=True)
        yield working


def answers(counter: CounterPC) -> list[str]:
    """Return which readings the desk has answered, after one that it must answer."""
    counter.ask("read-identity", step="last")
    said: list[str] = []

    def all_said() -> bool:
        said.extend(each.step for each in counter.heard() if each.type == "identity-read")
        return "last" in said

    wait_for(all_said)
    return said


def refused(counter: CounterPC) -> str:
    """Return why the program refused what came before an order that it did."""
    assert answers(counter) == ["last"]
    return counter.log().rsplit("a message was refused: ", 1)[1].splitlines()[0]


def test_a_hello_says_what_the_administrator_wants_to_know(counter: CounterPC) -> None:
    assert counter.hears("hello").body == {
        "version": "1.0",
        "service": True,
        "readers": ["Virtual PCD 00 00", "Virtual PCD 00 01"],
        "reader": "Virtual PCD 00 00",
        "card_present": True,
        "pin_pad": False,
        "profiles": selection.names(),
        "unsent": 0,
    }


def test_a_reading_says_what_the_card_holds(counter: CounterPC) -> None:
    counter.ask("read-identity", step="blank")
    assert counter.hears("identity-read").body["certificates"] == {}


def test_an_order_is_done_once(counter: CounterPC) -> None:
    order = counter.envelope("read-identity", step="first")
    counter.send(order)
    counter.hears("identity-read")
    counter.send(order)
    assert refused(counter) == "seen"


def test_an_overtaken_order_is_refused(counter: CounterPC) -> None:
    earlier = counter.envelope("read-identity", step="earlier")
    assert answers(counter) == ["last"]
    counter.send(earlier)
    assert refused(counter) == "sequence"


def test_a_forged_order_is_refused(counter: CounterPC) -> None:
    counter.send(counter.envelope("read-identity", sender=Keys.generate()))
    assert refused(counter) == "signature"


def test_an_order_for_another_desk_is_refused_whatever_its_header_says(counter: CounterPC) -> None:
    counter.send(counter.envelope("read-identity", desk="desk-2"))
    assert refused(counter) == "desk"
    others = counter.envelope("read-identity", receiver=Keys.generate())
    counter.send(others)
    assert refused(counter) == "seal"
    header = json.loads(counter.envelope("read-identity"))
    counter.send(json.dumps(header | {"sealed": json.loads(others)["sealed"]}))
    assert refused(counter) == "signature"


@pytest.mark.parametrize("of", [(-200, -80), (70, 190)])
def test_an_order_out_of_its_time_is_refused(counter: CounterPC, of: tuple[int, int]) -> None:
    now = time.time()
    counter.ask("read-identity", issued_at=now + of[0], expires_at=now + of[1])
    assert refused(counter) == "expired"


@pytest.mark.parametrize("text", [None, 7, [], {}, "", "[" * 900_000, "x" * 1_000_001], ids=repr)
def test_garbage_is_refused(counter: CounterPC, text: object) -> None:
    counter.send(text)
    assert refused(counter) in {"malformed", "too-large"}


def test_an_order_that_no_desk_knows_is_answered(counter: CounterPC) -> None:
    counter.ask("format-the-card", step="x")
    failed = counter.hears("failed")
    assert (failed.step, failed.body["facts"]) == ("x", {"reason": "type"})


def test_what_is_no_task_of_a_desk_stops_nobody(counter: CounterPC) -> None:
    counter.send()
    counter.send(1, 2, 3)
    counter.send("x", task="os.system")
    counter.send("x", task="overa.server.deliver")
    counter.send(b"x", serializer="pickle")
    assert answers(counter) == ["last"]


def test_bytes_that_are_no_message_at_all_stop_nobody(counter: CounterPC) -> None:
    queue = counter.broker.client()
    for raw in (b"\xff\xfe", b"{}", b"null", b'{"body": 7}', b"[" * 100_000):
        queue.lpush(QUEUE, raw)
    assert answers(counter) == ["last"]
    assert counter.running


def test_a_card_comes_and_goes(counter: CounterPC, reader: Control) -> None:
    take_out(reader)
    counter.hears("hello", card_present=False)
    counter.ask("read-identity")
    assert counter.hears("failed").body["code"] == "no-card"
    put_back(reader)
    counter.hears("hello", card_present=True)
    assert answers(counter) == ["last"]


def test_a_broker_that_falls_and_comes_back(counter: CounterPC, reader: Control) -> None:
    reader.fault("hold", ins=0xB0)
    counter.ask("read-identity", step="meanwhile")
    wait_for(lambda: reader.status()["held"] and not counter.broker.client().llen(QUEUE))
    counter.broker.kill()
    reader.go_on()
    wait_for(lambda: "the broker takes no messages" in counter.log())
    counter.broker.start()
    assert answers(counter) == ["meanwhile", "last"]


def test_a_broker_that_answers_no_more_keeps_no_card_waiting(
    counter: CounterPC, reader: Control
) -> None:
    reader.fault("hold", ins=0xB0)
    counter.ask("read-identity", step="frozen")
    wait_for(lambda: reader.status()["held"] and not counter.broker.client().llen(QUEUE))
    counter.broker.freeze()
    before = reader.status()["commands"]
    reader.go_on()
    try:
        wait_for(lambda: reader.status()["commands"] > before + 4, 10)
    finally:
        counter.broker.thaw()
    assert answers(counter) == ["frozen", "last"]


def test_a_killed_program_sends_what_it_owes_in_order_and_once(
    counter: CounterPC, reader: Control
) -> None:
    reader.fault("hold", ins=0xB0)
    counter.ask("read-identity", step="one")
    counter.ask("read-identity", step="two")
    wait_for(lambda: reader.status()["held"] and not counter.broker.client().llen(QUEUE))
    counter.broker.kill()
    reader.go_on()
    wait_for(lambda: owed(counter) == 2)
    counter.kill()
    counter.start()  # no broker is there yet
    wait_for(lambda: "Cannot connect" in counter.log())
    counter.broker.start()
    assert answers(counter) == ["one", "two", "last"]
    assert owed(counter) == 0


def owed(counter: CounterPC) -> int:
    journal = Journal(counter.home / "journal.sqlite3")
    try:
        return len(journal.unsent())
    finally:
        journal.close()


def test_what_a_killed_program_had_taken_comes_again_and_harms_nobody(counter: CounterPC) -> None:
    """Redis gives back after two minutes what was taken and not acknowledged."""
    now = time.time()
    done = counter.envelope("read-identity", step="done")
    counter.send(done)
    counter.hears("identity-read")
    counter.kill()
    late = counter.envelope("read-identity", step="late", issued_at=now - 130, expires_at=now - 10)
    taken = [counter.lose(text) for text in (done, late)]
    counter.start()
    queue = counter.broker.client()
    wait_for(lambda: not any(queue.hmget(f"{QUEUE}.unacked", taken)))
    assert answers(counter) == ["last"]
    reasons = [line.split()[-1] for line in counter.log().splitlines() if "was refused" in line]
    assert set(reasons[-2:]) == {"seen", "expired"}


def test_a_quiet_program_asks_little_of_the_broker(counter: CounterPC) -> None:
    counter.hears("hello")
    commands = counter.broker.client()

    def processed() -> int:
        return int(commands.info("stats")["total_commands_processed"])

    before, began = processed(), time.monotonic()
    time.sleep(5)
    assert (processed() - before) / (time.monotonic() - began) < 10
    assert int(commands.info("clients")["connected_clients"]) < 12


def test_a_program_that_is_told_to_ends(counter: CounterPC) -> None:
    assert counter.stop() == 0
    counter.start()
    counter.hears("hello")


def test_the_smart_card_service_comes_and_goes() -> None:
    with TemporaryDirectory(prefix="overa-") as folder, at_work() as counter:
        counter.pcscd = service.socket_path(Path(folder))
        counter.start()
        assert counter.hears("hello").body["service"] is False
        for readers, found in ((), None), ((service.READER,), "Virtual PCD 00 00"), ((), None):
            running = service.start(Path(folder), readers=readers)
            counter.hears("hello", service=True, reader=found)
            service.stop(running)
            counter.hears("hello", service=False, reader=None)
        counter.ask("read-identity")
        assert counter.hears("failed").body["code"] == "service-down"

"""A desk's account at the broker: the lines of the how-to, on a real Redis."""

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import redis
from celery import Celery
from django.conf import settings

from cardops.virtual.control import Control
from tests.desk.counter_pc import Broker, CounterPC, wait_for
from tests.reader import put_in

pytestmark = pytest.mark.card

PAGE = Path(settings.BASE_DIR) / "docs" / "how-to" / "set-up-a-desk.md"
PASSWORD = "not-a-secret"


def account(desk: str) -> str:
    """Return the line of the how-to for this desk."""
    (line,) = re.findall(r"^user overa-desk-2 .*$", PAGE.read_text(), re.MULTILINE)
    return line.replace("desk-2", desk).replace("PASSWORD", PASSWORD)


@pytest.fixture
def broker() -> Iterator[Broker]:
    with TemporaryDirectory(prefix="overa-") as folder:
        accounts = Path(folder) / "accounts"
        lines = [account(desk) for desk in ("desk-1", "desk-2")]
        accounts.write_text("\n".join(["user default on nopass ~* &* +@all", *lines, ""]))
        made = Broker(Path(folder), options=("--aclfile", str(accounts)))
        made.start()
        yield made
        made.kill()


def own(broker: Broker, desk: str = "desk-1") -> redis.Redis:
    return broker.client(username=f"overa-{desk}", password=PASSWORD)


def test_a_desk_works_with_no_more_than_its_own_account(broker: Broker, reader: Control) -> None:
    put_in(reader)
    login = f"redis+socket://overa-desk-1:{PASSWORD}@{broker.socket}"
    counter = CounterPC(broker.folder, broker, settings={"broker": login})
    try:
        counter.start()
        counter.hears("hello", card_present=True)
        counter.ask("read-identity", step="first")
        counter.hears("identity-read")
        counter.kill()
        taken = counter.lose(counter.envelope("read-identity", step="second"))
        counter.start()
        assert counter.hears("identity-read").step == "second"
        wait_for(lambda: not broker.client().hexists("desk.desk-1.unacked", taken))
        assert broker.client().acl_log() == []
    finally:
        counter.kill()
        counter.app.pool.force_close_all()


FORBIDDEN = [
    ("BRPOP", "desk.desk-2", 1),
    ("LRANGE", "desk.desk-2", 0, -1),
    ("LPUSH", "desk.desk-2", "x"),
    ("HGETALL", "desk.desk-2.unacked"),
    ("BRPOP", "server", 1),
    ("LRANGE", "server", 0, -1),
    ("DEL", "server"),
    ("LPUSH", "tasks", "x"),
    ("LPUSH", "scans", "x"),
    ("SADD", "_kombu.binding.server", "x"),
    ("SADD", "_kombu.binding.desk.desk-2", "x"),
    ("HGETALL", "unacked"),
    ("KEYS", "*"),
    ("CLIENT", "LIST"),
    ("CLIENT", "KILL", "TYPE", "normal"),
    ("CLIENT", "PAUSE", "1"),
    ("FLUSHALL",),
    ("CONFIG", "GET", "*"),
    ("ACL", "LIST"),
    ("PUBLISH", "/0.celery.pidbox", "x"),
    ("EVAL", "return redis.call('LPUSH', 'tasks', 'x')", 0),
]


def test_a_desk_does_nothing_else(broker: Broker) -> None:
    for command in FORBIDDEN:
        with pytest.raises(redis.exceptions.ResponseError, match=r"(?i)permission"):
            own(broker).execute_command(*command)


def test_a_wrong_password_opens_nothing(broker: Broker) -> None:
    with pytest.raises(redis.AuthenticationError):
        broker.client(username="overa-desk-1", password="guessed").ping()


def test_the_server_reaches_every_desk(broker: Broker) -> None:
    app = Celery("server", broker=broker.address, set_as_current=False)
    app.send_task("overa.desk.deliver", ["x"], queue="desk.desk-1")
    assert own(broker).llen("desk.desk-1") == 1
    app.pool.force_close_all()

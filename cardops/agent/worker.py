"""Carries the desk conversation over Celery: one task each way, one queue of this desk."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from celery import Celery, signals

from cardops import errors
from cardops.agent.configuration import Configuration
from cardops.agent.desk import Desk
from cardops.agent.life import Life
from cardops.agent.post import Post
from cardops.journal import Journal

SERVER = "server"  # the queue that all desks write to

_ENDING = 3.0  # seconds that the card gets to be left
_PAUSE = 1.0  # seconds after something stumbled

log = logging.getLogger(__name__)


def run(configuration: Configuration) -> None:
    """Work until a signal ends the worker; then the PIN, if there is one, is gone."""
    app = _celery(configuration)
    journal = Journal(configuration.folder / "journal.sqlite3")
    post = Post(configuration, journal, lambda text: _send(app, text))
    desk = Desk(configuration, journal, post)
    _register(app, post, desk)
    ended = threading.Event()
    signals.worker_shutting_down.connect(lambda **_: ended.set(), weak=False)
    card = _thread("card", desk.run)
    _thread("post", lambda: post.work(ended))
    _thread("life", lambda: Life(configuration, post, desk).work(ended))
    while not ended.is_set():  # bytes in the queue that are no message end Celery's worker
        app.worker_main(_arguments(configuration))
        ended.wait(_PAUSE)
    desk.put(None)
    card.join(_ENDING)


def _thread(name: str, work: Callable[[], None]) -> threading.Thread:
    """Start a thread whose work goes on after whatever befalls it, a full disk for one."""

    def keep_on() -> None:
        while True:
            try:
                return work()
            except Exception as fault:  # noqa: BLE001 a desk that is deaf must not look alive
                log.error("the %s thread stumbled: %s", name, type(fault).__name__)  # noqa: TRY400 no PIN
                time.sleep(_PAUSE)

    thread = threading.Thread(target=keep_on, name=name, daemon=True)
    thread.start()
    return thread


def _celery(configuration: Configuration) -> Celery:
    app = Celery("overa-desk", broker=configuration.broker, fixups=[])  # no Django, even by name
    app.conf.update(
        accept_content=["json"],
        task_ignore_result=True,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,  # for ever, 30 seconds apart at most
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_enable_remote_control=False,
        task_publish_retry=False,
        worker_prefetch_multiplier=1,
        broker_transport_options=_transport_options(configuration),
    )
    return app


def _transport_options(configuration: Configuration) -> dict[str, Any]:
    """Keep what a broker account needs within the desk's own keys; let no call wait for ever."""
    own = f"desk.{configuration.code}"
    if configuration.broker.startswith("amqp"):
        return {"confirm_publish": True, "read_timeout": 30, "write_timeout": 10}
    return {
        "visibility_timeout": 120,
        "unacked_key": f"{own}.unacked",
        "unacked_index_key": f"{own}.unacked_index",
        "unacked_mutex_key": f"{own}.unacked_mutex",
        "unacked_mutex_expire": 10,  # seconds; a killed program leaves it
        "unacked_restore_throttle": 1,
        "priority_steps": [0],
        "socket_connect_timeout": 5,
        "socket_timeout": 10,
        "socket_keepalive": True,
    }


def _arguments(configuration: Configuration) -> list[str]:
    queue = f"desk.{configuration.code}"
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    how = ["--pool", "solo", "-Q", queue, "-n", f"{queue}@%h", "-l", configuration.log_level]
    return ["--quiet", "worker", *how, *quiet]


def _register(app: Celery, post: Post, desk: Desk) -> None:
    def deliver(text: object = None) -> None:
        """Take one message; none of them, nor a full disk, ends the worker or comes again."""
        try:
            desk.put(post.accept(text))
        except errors.MessageError as fault:
            log.warning("a message was refused: %s", fault.reason)
        except Exception as fault:  # noqa: BLE001 the server asks again
            log.error("a message was not taken: %s", type(fault).__name__)  # noqa: TRY400 no body

    app.task(name="overa.desk.deliver")(deliver)


def _send(app: Celery, text: str) -> None:
    """Send without declaring the server's queue, for which a desk's account has no right."""
    way = "exchange" if app.conf.broker_url.startswith("amqp") else "queue"
    route = {way: SERVER, "routing_key": SERVER, "declare": []}
    try:
        app.send_task("overa.server.deliver", [text], **route)
    except Exception as fault:  # such as a broker's "no permission"; the answer waits
        raise OSError(f"{type(fault).__name__}: {fault}") from fault

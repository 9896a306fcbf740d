"""Carries the desk conversation over Celery: one task each way, one queue of this desk."""

import logging
import threading
from typing import Any

from celery import Celery, signals
from kombu.exceptions import OperationalError

from cardops import errors, transport
from cardops.agent import VERSION
from cardops.agent.configuration import Configuration
from cardops.agent.desk import Desk
from cardops.agent.post import Post
from cardops.journal import Journal

_SIGN_OF_LIFE = 5.0  # seconds

log = logging.getLogger(__name__)


def run(configuration: Configuration) -> None:
    """Work until a signal ends the worker; then the PIN, if there is one, is gone."""
    app = _celery(configuration)
    journal = Journal(configuration.folder / "journal.sqlite3")
    post = Post(configuration, journal, lambda text: _send(app, text))
    desk = Desk(configuration, journal, post)
    _register(app, post, desk)
    ended = threading.Event()
    signals.worker_ready.connect(lambda **_: _start(configuration, post, desk, ended), weak=False)
    signals.worker_shutting_down.connect(lambda **_: ended.set(), weak=False)
    app.worker_main(_arguments(configuration))
    desk.put(None)


def _celery(configuration: Configuration) -> Celery:
    app = Celery("overa-desk", broker=configuration.broker)
    app.conf.update(
        accept_content=["json"],
        task_ignore_result=True,
        broker_connection_retry_on_startup=True,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_enable_remote_control=False,
        task_publish_retry=False,
        worker_prefetch_multiplier=1,
        broker_transport_options={"visibility_timeout": 120},
    )
    return app


def _arguments(configuration: Configuration) -> list[str]:
    queue = f"desk.{configuration.code}"
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [
        "--quiet",
        "worker",
        "--pool",
        "solo",
        "-Q",
        queue,
        "-l",
        configuration.log_level,
        *quiet,
    ]


def _register(app: Celery, post: Post, desk: Desk) -> None:
    def deliver(text: str) -> None:
        try:
            desk.put(post.accept(text))
        except errors.MessageError as fault:
            log.warning("a message was refused: %s", fault.reason)

    app.task(name="overa.desk.deliver")(deliver)


def _send(app: Celery, text: str) -> None:
    try:
        app.send_task("overa.server.deliver", [text], queue="server")
    except OperationalError as fault:
        raise OSError(str(fault)) from fault


def _start(configuration: Configuration, post: Post, desk: Desk, ended: threading.Event) -> None:
    threading.Thread(target=desk.run, name="card", daemon=True).start()
    live = threading.Thread(
        target=_show_life, args=(configuration, post, ended), name="life", daemon=True
    )
    live.start()


def _show_life(configuration: Configuration, post: Post, ended: threading.Event) -> None:
    """Say hello at once, then every few seconds, and as soon as a card came or went."""
    said: dict[str, Any] = {}
    waited = _SIGN_OF_LIFE
    while True:
        word = _hello(configuration)
        if word != said or waited >= _SIGN_OF_LIFE:
            post.say("hello", word)
            said, waited = word, 0.0
        if ended.wait(1.0):
            return
        waited += 1.0


def _hello(configuration: Configuration) -> dict[str, Any]:
    try:
        readers = transport.readers()
        reader = configuration.reader or next(iter(readers), None)
        present = transport.card_present(configuration.reader)
    except errors.CardopsError:
        reader, present = None, False
    return {"version": VERSION, "reader": reader, "card_present": present}

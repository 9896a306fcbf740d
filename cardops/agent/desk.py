"""The one thread that touches cards: takes commands in order, keeps one session at most."""

import base64
import logging
import queue
import time
from collections.abc import Callable
from typing import Any

from cardops import errors, identity, transport
from cardops.agent.commands import Commands
from cardops.agent.configuration import Configuration
from cardops.agent.post import Post
from cardops.cards import selection
from cardops.channel import Channel
from cardops.diagnose import Surroundings, examine
from cardops.identity import authorities
from cardops.journal import Journal
from cardops.messages import Message
from cardops.personalise import certificate, request, unblock
from cardops.personalise.orders import RequestOrder, UnblockOrder, WriteOrder
from cardops.personalise.session import Session
from cardops.pin.pinpad import PinPad
from cardops.pin.prompts import Prompt, Turn
from cardops.pin.screen import CitizenScreen
from cardops.texts import Texts
from cardops.transport import Connection

_LOOK = 0.5  # seconds between looks at an idle session's card
_DESERTED = 600.0  # seconds without a command after which a session ends

log = logging.getLogger(__name__)


class Desk:
    """Commands come in through `put`; answers go out through the post."""

    def __init__(self, configuration: Configuration, journal: Journal, post: Post) -> None:
        self._configuration, self._journal, self._post = configuration, journal, post
        self._authorities = authorities.load(configuration.identity_cas)
        self._commands = Commands()
        self._session: Session | None = None
        self._making = ""  # of which case, and which attempt at it
        self._touched = 0.0  # when the last command ended
        self._began: float | None = None  # when the present one did
        self._verbs: dict[str, Callable[[Message], None]] = {
            "read-identity": self._read_identity,
            "diagnose": self._diagnose,
            "make-request": self._make_request,
            "write-certificate": self._write_certificate,
            "unblock-pin": self._unblock_pin,
            "release": self._release,
        }

    def put(self, message: Message | None) -> None:
        """Take a command; `cancel` and `release` end a wait at once, None ends the thread."""
        session = self._session
        if session and (message is None or self._ends(message)):
            session.cancel()
        if message is None or message.type != "cancel":
            self._commands.put(message)

    def _ends(self, message: Message) -> bool:
        return message.type in ("cancel", "release") and _making(message) == self._making

    @property
    def busy_for(self) -> float:
        """Return for how many seconds the present command has been worked at; 0 without one."""
        began = self._began
        return time.monotonic() - began if began else 0.0

    def run(self) -> None:
        """Work until None comes."""
        while True:
            try:
                message = self._commands.get(timeout=_LOOK if self._session else None)
            except queue.Empty:
                self._look()
                continue
            if message is None:
                self._end(Turn.FAILED)
                return
            self._do(message)

    def _look(self) -> None:
        """Between commands: forget the PIN in time, when the card was touched, or nobody asks."""
        idle = time.monotonic() - self._touched
        if idle > _DESERTED:
            self._end(Turn.FAILED)
        elif self._session and self._session.idle_too_long:
            self._session.drop()

    def _do(self, message: Message) -> None:
        """Do a command and answer it; whatever happens, the next one finds a desk that works."""
        self._began = time.monotonic()
        try:
            self._try(message)
        except Exception as fault:  # noqa: BLE001 such as a full disk: nothing can be journaled
            log.error("a %s was not answered: %s", message.type, type(fault).__name__)  # noqa: TRY400 as below
        finally:
            self._began, self._touched = None, time.monotonic()
            self._commands.settle(message)

    def _try(self, message: Message) -> None:
        if self._session and _making(message) != self._making:
            self._session.drop()  # while it holds the card, another connection would wait
        try:
            self._verb(message)(message)
        except errors.CardopsError as fault:
            self._fail(message, fault.code, fault.facts)
        except Exception as fault:  # noqa: BLE001 the desk goes on, the server hears of it
            log.error("%s failed with %s", message.type, type(fault).__name__)  # noqa: TRY400 a traceback might quote a PIN
            self._fail(message, errors.CardopsError.code, {"error": type(fault).__name__})
        if self._session:
            self._session.rest()

    def _verb(self, message: Message) -> Callable[[Message], None]:
        if message.type not in self._verbs:
            raise errors.MessageError("type")
        return self._verbs[message.type]

    def _fail(self, message: Message, code: str, facts: dict[str, Any]) -> None:
        if _making(message) == self._making:
            self._end(Turn.FAILED)
        replaced = self._journal.replacement(message.issuance, str(message.body.get("role")))
        body = {"during": message.type, "code": code, "facts": facts, "replaced_serial": replaced}
        self._post.answer(message, "failed", body)

    def _end(self, turn: Turn) -> None:
        session, self._session = self._session, None
        if session:
            session.close(turn)

    # commands

    def _read_identity(self, message: Message) -> None:
        with transport.hold(self._configuration.reader, reset=True) as connection:
            channel = Channel(connection)
            card = identity.read(channel, atr=connection.atr, authorities=self._authorities)
            certificates = selection.certificates(channel)
        body = {"card": card.to_json(), "certificates": certificates and _textual(certificates)}
        self._post.answer(message, "identity-read", body)

    def _diagnose(self, message: Message) -> None:
        settings = self._configuration
        found = examine(Surroundings(reader=settings.reader, authorities=settings.certificate_cas))
        self._post.answer(message, "diagnosed", {"diagnosis": found.to_json()})

    def _make_request(self, message: Message) -> None:
        order = RequestOrder.read(message.issuance, message.body)
        made = request.make(order, self._session_of(message), self._journal)
        self._post.answer(message, "request-made", _textual(made))

    def _write_certificate(self, message: Message) -> None:
        order = WriteOrder.read(message.issuance, message.body)
        written = certificate.write(order, self._session_of(message), self._journal)
        self._post.answer(message, "certificate-written", _textual(written))

    def _unblock_pin(self, message: Message) -> None:
        order = UnblockOrder.read(message.issuance, message.body)
        done = unblock.unblock(order, self._session_of(message), self._journal)
        self._post.answer(message, "pin-unblocked", done)
        self._end(Turn.UNBLOCKED)

    def _release(self, message: Message) -> None:
        if _making(message) == self._making:
            self._end(Turn.DONE if message.body.get("outcome") == "done" else Turn.FAILED)
        self._post.answer(message, "released", {})

    # sessions

    def _session_of(self, message: Message) -> Session:
        """Return the session of this making; another one's ends, its PIN is forgotten."""
        if self._session is None or self._making != _making(message):
            self._end(Turn.FAILED)
            self._making = _making(message)
            self._session = self._new_session(message)
        else:
            self._session.progress = self._progress(message)
        return self._session

    def _new_session(self, message: Message) -> Session:
        settings = self._configuration
        language = str(message.body.get("language") or settings.language)
        texts = Texts(language, settings.locale_folder)
        return Session(
            connect=lambda: transport.connect(settings.reader),
            source=lambda: CitizenScreen(
                texts,
                seconds=settings.pin_seconds,
                browser=settings.browser,
                keypad=settings.keypad,
            ),
            find_pad=self._find_pad,
            progress=self._progress(message),
            hold=settings.pin_seconds,
            access=settings.access,
        )

    def _find_pad(self, connection: Connection) -> PinPad | None:
        settings = self._configuration
        return PinPad.find(connection, settings.pin_seconds) if settings.pin_pad else None

    def _progress(self, message: Message) -> Callable[..., None]:
        def say(stage: str, prompt: Prompt | None = None) -> None:
            asked = prompt or Prompt(Turn.WAIT)
            body = {
                "stage": stage,
                "prompt": asked.number,
                "of": asked.of,
                "tries_left": asked.tries_left,
                "pad": asked.pad,
            }
            self._post.say("progress", body, message)

        return say


def _making(message: Message) -> str:
    """Tell which certificates belong together: they are made in one session of the card."""
    return str(message.body.get("making") or message.issuance)


def _textual(answer: dict[str, Any]) -> dict[str, Any]:
    """Spell the bytes of an answer in base64."""
    return {
        name: base64.b64encode(value).decode() if isinstance(value, bytes) else value
        for name, value in answer.items()
    }

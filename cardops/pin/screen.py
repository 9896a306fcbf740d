"""The citizen screen: one page on this machine's loopback, for one card session.

The address carries a one-time token; Host and Origin must be our own; no other page may read an
answer. The server and the officer's page never learn the address.
"""

import json
import math
import threading
import time
from collections.abc import Sequence
from string import Template

from cardops import errors
from cardops.pin import held, loopback, words
from cardops.pin.browser import Browser
from cardops.pin.keypad import Keypad
from cardops.pin.prompts import Prompt, Turn
from cardops.pin.rules import BLOCK
from cardops.texts import Texts

_LINGER = 3.0  # seconds that the last word stays before the window closes
_TYPED = frozenset({Turn.ENTER, Turn.CHOOSE, Turn.KEEP})


class CitizenScreen:
    """A `PinSource`: shows one prompt at a time and waits `seconds` for its answer."""

    def __init__(
        self,
        texts: Texts,
        *,
        seconds: float,
        browser: Sequence[str] | None,
        keypad: Keypad = Keypad.NONE,
    ) -> None:
        self._texts, self._seconds, self._keypad = texts, seconds, keypad
        self._changed = threading.Condition()  # guards what follows
        self._prompt, self._number, self._until = Prompt(Turn.WAIT), 0, 0.0
        self._order: list[int] | None = None
        self._open = self._cancelled = False
        self._answer: bytearray | None = None
        self._server = loopback.Server(self)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self._browser = Browser(browser)
        self._browser.open(self.url)

    @property
    def url(self) -> str:
        return f"{self._server.origin}/{self._server.token}"

    # the card's side

    def ask(self, prompt: Prompt) -> bytearray:
        return self._wait(prompt)

    def confirm(self, prompt: Prompt) -> None:
        held.zero(self._wait(prompt))

    def show(self, prompt: Prompt) -> None:
        with self._changed:
            self._put(prompt)

    def cancel(self) -> None:
        with self._changed:
            self._cancelled = True
            self._changed.notify_all()

    def close(self) -> None:
        """Drop what was typed; the last word stays for a moment, then the window goes."""
        with self._changed:
            self._open = False
            held.zero(self._answer or bytearray())
        threading.Timer(_LINGER, self.end).start()

    def end(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._browser.close()

    def _wait(self, prompt: Prompt) -> bytearray:
        with self._changed:
            self._put(prompt)
            self._open = True
            self._changed.wait_for(self._ended, self._seconds)
            if self._open:
                self._put(Prompt(Turn.WAIT))
            typed, self._answer = self._answer, None
            if self._cancelled:
                held.zero(typed or bytearray())
                raise errors.PinCancelledError
        if typed is None:
            raise errors.PinTimeoutError(seconds=self._seconds)
        return typed

    def _ended(self) -> bool:
        return self._cancelled or self._answer is not None

    def _put(self, prompt: Prompt) -> None:
        self._prompt, self._number, self._open = prompt, self._number + 1, False
        self._until = time.monotonic() + self._seconds
        self._order = self._keypad.order() if prompt.turn in _TYPED and not prompt.pad else None

    # the page's side

    def html(self, base: str) -> bytes:
        source = loopback.file("screen.html").decode()
        named = words.labels(self._texts) | {"language": self._texts.language, "base": base}
        return Template(source).substitute(named).encode()

    def state(self) -> bytes:
        with self._changed:
            prompt, order, left = self._prompt, self._order, self._left()
            number = self._number
        rules = prompt.rules
        shown = {
            "state": "pad" if prompt.pad else prompt.turn,
            "prompt": number,
            "message": words.sentence(self._texts, prompt),
            "tries": words.tries(self._texts, prompt),
            "time": words.time(self._texts, left),
            "submit": words.submit(self._texts, prompt.turn),
            "length": words.length(self._texts, rules),
            "least": rules.least if rules else 1,
            "most": rules.most if rules else BLOCK,
            "keypad": order,
            "keyboard": self._keypad.keyboard,
        }
        return json.dumps(shown).encode()

    def _left(self) -> int | None:
        """Return how many seconds the citizen has, None when it is not their turn."""
        if not (self._open or self._prompt.pad):
            return None
        return max(0, math.ceil(self._until - time.monotonic()))

    def accept(self, number: int, typed: bytearray) -> bool:
        """Take the answer to prompt `number`; False when it is not the one that is asked."""
        with self._changed:
            taken = self._asked(number)
            if taken:
                self._answer = typed
                self._put(Prompt(Turn.WAIT))
                self._changed.notify_all()
            else:
                held.zero(typed)
        return taken

    def refuse(self, number: int) -> bool:
        """Take it that the citizen stops here."""
        with self._changed:
            refused = self._asked(number)
        if refused:
            self.cancel()
        return refused

    def _asked(self, number: int) -> bool:
        return self._open and number == self._number

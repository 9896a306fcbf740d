"""Signs of life: what the desk's program, its reader and its card are like, every few seconds."""

import logging
import os
import threading
from typing import Any

from cardops import errors, transport
from cardops.agent import VERSION
from cardops.agent.configuration import Configuration
from cardops.agent.desk import Desk
from cardops.agent.post import Post
from cardops.cards import pkcs11, selection

_SIGN = 5.0  # seconds between signs
_LOOK = 1.0  # seconds between looks
_STUCK = 900.0  # seconds at one command: no card and no citizen takes as long
_FAILED = 70  # EX_SOFTWARE of sysexits.h

log = logging.getLogger(__name__)


class Life:
    """Says hello at once, then every few seconds, and as soon as a card came or went."""

    def __init__(self, configuration: Configuration, post: Post, desk: Desk) -> None:
        self._configuration, self._post, self._desk = configuration, post, desk
        self._seen: dict[str, Any] = {}
        self._pad: bool | None = None

    def work(self, ended: threading.Event) -> None:
        waited = _SIGN
        while True:
            seen = self._look()
            if seen != self._seen or waited >= _SIGN:
                self._tell(seen)
                waited = 0.0
            self._require_moving()
            if ended.wait(_LOOK):
                return
            waited += _LOOK

    def _tell(self, seen: dict[str, Any]) -> None:
        if seen != self._seen:
            log.warning("%s", _sentence(seen))
            self._seen, self._pad = seen, self._pin_pad(seen["reader"])
        profiles = [pkcs11.TokenCard.name] if self._configuration.pkcs11 else selection.names()
        told = {"version": VERSION, "profiles": profiles, "unsent": self._post.unsent}
        self._post.say("hello", seen | {"pin_pad": self._pad} | told)

    def _pin_pad(self, reader: str | None) -> bool | None:
        """Tell whether PINs are typed on the reader's keys; None where that is not known."""
        if reader is None:
            return None
        return self._configuration.pin_pad and transport.has_pin_pad(reader)

    def _look(self) -> dict[str, Any]:
        try:
            found = transport.look(self._configuration.reader)
        except errors.CardopsError:
            found = None
        return {
            "service": found is not None,
            "readers": found.readers if found else [],
            "reader": found.reader if found else None,
            "card_present": bool(found and found.card_present),
        }

    def _require_moving(self) -> None:
        """End the program when a card or its driver never answers: whoever runs it starts anew."""
        if self._desk.busy_for > _STUCK:
            log.critical("one command has taken %.0f s: the program ends", self._desk.busy_for)
            os._exit(_FAILED)


def _sentence(seen: dict[str, Any]) -> str:
    if not seen["service"]:
        return "the smart-card service does not answer"
    if not seen["reader"]:
        return f"the reader is not there; readers: {', '.join(seen['readers']) or 'none'}"
    return f"reader {seen['reader']}, {'a card' if seen['card_present'] else 'no card'} in it"

"""A citizen for tests and demos: reads the citizen screen and types a PIN into it over HTTP.

`python -m cardops.virtual.citizen URL [--pin-file FILE]`: without a PIN in the file a random one
is chosen, and kept there for the next time it is asked for.
"""

import argparse
import json
import os
import secrets
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib import error, request
from urllib.parse import urlsplit

from cardops import errors
from cardops.pin import choice
from cardops.pin.rules import PinRules

_PATIENCE = 120.0  # seconds
_RULES = PinRules(least=6, most=8, filler=0xFF)
_ANSWERS = {
    "enter": True,
    "choose": True,
    "keep": True,
    "confirm": False,
    "last-try": False,
}  # with the PIN?


def main() -> int:
    parser = argparse.ArgumentParser(description="Plays the citizen at the citizen screen.")
    parser.add_argument("url")
    parser.add_argument("--pin-file", type=Path)
    arguments = parser.parse_args()
    play(arguments.url, _pin(arguments.pin_file))
    return 0


def play(url: str, pin: bytes) -> None:
    """Answer prompts until the work is done, failed, or the page is gone."""
    answered, deadline = -1, time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        state = state_of(url)
        if state is None or state["state"] in {"done", "unblocked", "failed"}:
            return
        if state["state"] in _ANSWERS and state["prompt"] != answered:
            answered = state["prompt"]
            answer(url, answered, pin if _ANSWERS[state["state"]] else b"")
        time.sleep(0.1)


def state_of(url: str) -> dict[str, Any] | None:
    """Return what the screen shows, None when it is gone."""
    try:
        with request.urlopen(f"{url}/state", timeout=10) as answer:  # noqa: S310 our own loopback
            state: dict[str, Any] = json.load(answer)
    except (error.URLError, OSError):
        return None
    return state


def answer(url: str, prompt: int, digits: bytes) -> None:
    """Type `digits` into a prompt; empty confirms a replacement."""
    parts = urlsplit(url)
    headers = {"Origin": f"{parts.scheme}://{parts.netloc}", "Content-Type": "text/plain"}
    message = request.Request(  # noqa: S310 our own loopback
        f"{url}/answer/{prompt}", data=digits, headers=headers, method="POST"
    )
    request.urlopen(message, timeout=10).close()  # noqa: S310 our own loopback


def _pin(path: Path | None) -> bytes:
    if path and path.exists():
        return path.read_bytes()
    pin = _random()
    if path:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pin)
    return pin


def _random() -> bytes:
    """Return 8 random digits that a citizen might choose."""
    while True:
        pin = bytearray(f"{secrets.randbelow(10**8):08}", "ascii")
        with suppress(errors.EasyPinError):
            choice.require(pin, _RULES)
            return bytes(pin)


if __name__ == "__main__":
    sys.exit(main())

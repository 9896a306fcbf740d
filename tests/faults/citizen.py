"""The citizen at the counter: answers every prompt of every citizen screen that opens."""

import threading
import time
from pathlib import Path

from cardops.virtual import citizen

PIN = b"83520174"

_TYPED, _AGREED = frozenset({"enter", "choose"}), frozenset({"confirm", "last-try"})
_ENDS = frozenset({"done", "failed"})
_OPENER = 'printf %s "$2" > "$1.part" && mv "$1.part" "$1"'
_PAUSE = 0.03  # seconds


def browser(address_file: Path) -> list[str]:
    """Return the desk's browser command: it leaves the address where the citizen finds it."""
    return ["sh", "-c", _OPENER, "sh", str(address_file), "{url}"]


def sit_down(address_file: Path, said: Path) -> None:
    """Play the citizen in a thread until the process ends; each answer is noted in `said`."""
    threading.Thread(target=_play, args=(address_file, said), daemon=True).start()


def _play(address_file: Path, said: Path) -> None:
    while True:
        if address_file.exists():
            address = address_file.read_text()
            address_file.unlink()
            _answer_all(address, address_file, said)
        time.sleep(_PAUSE)


def _answer_all(url: str, address_file: Path, said: Path) -> None:
    """Answer until the screen is done, failed or gone, or another one opens."""
    answered = -1
    while not address_file.exists():
        state = citizen.state_of(url)
        if state is None or state["state"] in _ENDS:
            return
        if state["state"] in _TYPED | _AGREED and state["prompt"] != answered:
            answered = state["prompt"]
            _answer(url, state["state"], answered, said)
        time.sleep(_PAUSE)


def _answer(url: str, asked: str, prompt: int, said: Path) -> None:
    with said.open("a") as notes:
        notes.write(f"{asked}\n")
    try:
        citizen.answer(url, prompt, PIN if asked in _TYPED else b"")
    except OSError:  # the screen went away, or asks something else by now
        return

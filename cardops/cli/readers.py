"""Lists the readers, and whether a card is in them."""

import argparse

from cardops import transport
from cardops.cli.outcome import Outcome
from cardops.diagnose.readers import is_virtual
from cardops.transport import ReaderState

HELP = "list the readers"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add nothing: the common arguments are enough."""


def run(chosen: argparse.Namespace) -> Outcome:
    states = [state for state in transport.states() if chosen.reader in (None, state.name)]
    lines = [f"{state.name}: {_contents(state)}" for state in states] or ["no reader"]
    return Outcome([_data(state) for state in states], lines)


def _data(state: ReaderState) -> dict[str, object]:
    return {
        "name": state.name,
        "card_present": state.card_present,
        "exclusive": state.exclusive,
        "virtual": is_virtual(state.name),
        "atr": state.atr.hex(),
    }


def _contents(state: ReaderState) -> str:
    if not state.card_present:
        return "empty"
    held = ", held by another program" if state.exclusive else ""
    return f"card {state.atr.hex() or 'that does not answer'}{held}"

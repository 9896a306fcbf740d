"""Presents one PIN to the card: tries shown first, consent before the last, never a second time."""

import argparse

from cardops import errors
from cardops.cards import selection
from cardops.cli import texts
from cardops.cli.opening import opened
from cardops.cli.outcome import Outcome
from cardops.pin.held import zero
from cardops.pin.prompts import Prompt, Turn
from cardops.pin.terminal import Terminal

HELP = "type the PIN here and let the card check it; a wrong one costs a try"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="how long to wait for each answer"
    )


def run(chosen: argparse.Namespace) -> Outcome:
    with opened(chosen, reset=True) as channel:
        card = selection.select(channel)
        status = card.pin_status()
        if status.blocked:
            raise errors.PinBlockedError
        terminal = Terminal(texts.load(chosen.language), seconds=chosen.seconds)
        if status.tries_left == 1:
            terminal.confirm(Prompt(Turn.LAST_TRY, tries_left=1))
        asked = Prompt(Turn.ENTER, tries_left=status.tries_left, rules=card.pin_rules)
        pin = terminal.ask(asked)
        try:
            card.verify(pin)
        finally:
            zero(pin)
        left = card.pin_status().tries_left
    return Outcome({"verified": True, "tries_left": left}, [f"PIN right, tries left: {left}"])

"""Presents one PIN to the card: tries shown first, consent before the last, never a second time."""

import argparse

from cardops import errors
from cardops.cards import selection
from cardops.cards.profile import Ability, CardProfile
from cardops.channel import Channel
from cardops.cli import texts
from cardops.cli.opening import held, tracer
from cardops.cli.outcome import Outcome
from cardops.pin.held import zero
from cardops.pin.pinpad import PinPad
from cardops.pin.prompts import Prompt, Turn
from cardops.pin.terminal import Terminal

HELP = (
    "type the PIN here, or on the reader's keys, and let the card check it; a wrong one costs a try"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="how long to wait for each answer"
    )


def run(chosen: argparse.Namespace) -> Outcome:
    terminal = Terminal(texts.load(chosen.language), seconds=chosen.seconds)
    with held(chosen, reset=True) as connection:
        card = selection.select(Channel(connection, tracer(chosen)))
        left = card.pin_status().tries_left
        if left == 0:
            raise errors.PinBlockedError
        if left == 1:
            terminal.confirm(Prompt(Turn.LAST_TRY, tries_left=left))
        able = Ability.PIN_PAD in card.abilities
        pad = PinPad.find(connection, chosen.seconds) if able else None
        _present(card, terminal, pad, left)
        left = card.pin_status().tries_left
    return Outcome({"verified": True, "tries_left": left}, [f"PIN right, tries left: {left}"])


def _present(card: CardProfile, terminal: Terminal, pad: PinPad | None, left: int) -> None:
    prompt = Prompt(Turn.ENTER, tries_left=left, pad=bool(pad), rules=card.pin_rules)
    if pad:
        terminal.show(prompt)
        card.verify_on(pad)
        return
    pin = terminal.ask(prompt)
    try:
        card.verify(pin)
    finally:
        zero(pin)

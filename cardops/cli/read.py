"""Reads the identity application and prints the holder's personal data: mind where it goes."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cardops import identity
from cardops.channel import Channel
from cardops.cli import opening
from cardops.cli.outcome import Outcome
from cardops.identity import authorities

HELP = "read the identity card: PRINTS PERSONAL DATA of its holder"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--authorities",
        type=Path,
        metavar="FOLDER",
        help="certificates of the ministry's CAs, to tell whether the data are genuine",
    )
    parser.add_argument("--portrait", type=Path, help="write the portrait (JPEG) to this file")


def run(chosen: argparse.Namespace) -> Outcome:
    trusted = authorities.load(chosen.authorities)
    with opening.held(chosen) as connection:
        channel = Channel(connection, opening.tracer(chosen))
        card = identity.read(channel, atr=connection.atr, authorities=trusted)
    if chosen.portrait:
        chosen.portrait.write_bytes(card.portrait)
    data = {name: value for name, value in card.to_json().items() if name != "portrait"}
    return Outcome(data, list(_lines(data)))


def _lines(data: dict[str, Any]) -> Iterator[str]:
    for part, value in data.items():
        if isinstance(value, dict):
            yield from (f"{part}.{name}: {text}" for name, text in value.items() if text)
        else:
            yield f"{part}: {value}"

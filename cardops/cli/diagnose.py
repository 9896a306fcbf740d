"""Says what is wrong with the card and what to do next; asks no PIN and changes nothing."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cardops.cli import opening, texts
from cardops.cli.outcome import Outcome, Status
from cardops.diagnose import Diagnosis, Surroundings, examine, words
from cardops.texts import Texts

HELP = "what is wrong with this card?"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--authorities",
        type=Path,
        metavar="FOLDER",
        help="certificates of the certification body; without it no chain is looked for",
    )
    parser.add_argument(
        "--patience",
        type=float,
        default=5.0,
        metavar="SECONDS",
        help="how long to wait for a card that another program holds",
    )


def run(chosen: argparse.Namespace) -> Outcome:
    found = examine(
        Surroundings(
            reader=chosen.reader,
            authorities=chosen.authorities,
            patience=chosen.patience,
            trace=opening.tracer(chosen),
        )
    )
    said = texts.load(chosen.language)
    status = Status.FOUND if found.hinders else Status.DONE
    return Outcome(_data(found, said), list(_lines(found, said)), status)


def _data(found: Diagnosis, said: Texts) -> dict[str, Any]:
    data = found.to_json()
    for each, finding in zip(data["findings"], found.findings, strict=True):
        sentences = words.of(finding, said)
        each |= {"note": finding.is_note, "wrong": sentences.wrong, "next": sentences.next}
    return data


def _lines(found: Diagnosis, said: Texts) -> Iterator[str]:
    for finding in found.findings:
        sentences = words.of(finding, said)
        yield f"{'-' if finding.is_note else '!'} {finding.code}: {sentences.wrong}"
        yield f"  {sentences.next}"
    if not found.hinders:
        yield words.nothing(said)
    seen = {name: value for name, value in found.to_json()["seen"].items() if value is not None}
    for certificate in seen.pop("certificates"):
        yield "; ".join(f"{name}: {value}" for name, value in certificate.items())
    yield from (f"{name}: {_plain(value)}" for name, value in seen.items() if value != "")


def _plain(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)

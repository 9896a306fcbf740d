"""Reads the command line, runs the verb, prints what came of it."""

import argparse
import json
import sys
from collections.abc import Sequence

from cardops import errors
from cardops.cli import certificates, diagnose, issue, outcome, read, readers, texts, verify_pin
from cardops.cli.outcome import Outcome

_VERBS = {
    "readers": readers,
    "read": read,
    "diagnose": diagnose,
    "certificates": certificates,
    "verify-pin": verify_pin,
    "issue": issue,
}
_EPILOG = """exit codes:
  0  done
  1  unexpected fault
  2  the command line cannot be understood
  3  no service, no reader or no card
  4  the card is held, mute, unknown or too old, or refused a command
  5  PIN wrong, blocked or not typed
  6  key or certificate not brought onto the card
  7  diagnose found what keeps the card from being used"""


def main(arguments: Sequence[str]) -> int:
    """Return the exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        came: Outcome = _VERBS[chosen.verb].run(chosen)
    except errors.CardopsError as fault:
        came = _failed(fault, chosen)
    lines = [json.dumps(came.data, ensure_ascii=False, indent=2)] if chosen.json else came.lines
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return came.status


def _failed(fault: errors.CardopsError, chosen: argparse.Namespace) -> Outcome:
    said = texts.of_fault(fault.code, fault.facts, chosen.language)
    return Outcome(
        {"error": fault.code, "facts": fault.facts, "sentence": said},
        [f"{fault.code}: {said or fault.facts or fault}"],
        outcome.status_of(fault.code),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m cardops",
        description="Cards and readers of a desk, for engineers.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, verb in _VERBS.items():
        added = verbs.add_parser(
            name,
            help=verb.HELP,
            description=verb.__doc__,
            epilog=_EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        _add_common(added)
        verb.add_arguments(added)
    return parser


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--reader", help="the reader's name; the first with a card when left out")
    parser.add_argument(
        "--language",
        default="en",
        choices=["en", "sr-Cyrl", "sr-Latn"],
        help="of the sentences about a card",
    )
    parser.add_argument(
        "--trace",
        action="store_true",
        help="print every APDU to standard error; PINs, keys and identity files are blanked",
    )

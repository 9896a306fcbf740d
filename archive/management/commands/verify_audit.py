"""Checks the audit from its first event and ends with 1 if anything was changed behind its back."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.services.log import stamps, verification

SENTENCES = {
    "gap": "event {number} of “{stream}” is missing",
    "previous": "event {number} of “{stream}” does not follow the event before it",
    "hash": "event {number} of “{stream}” was changed",
    "private": "the personal data beside event {number} of “{stream}” was changed",
    "head": "the head of “{stream}” does not fit its event {number}",
    "signed": "“{stream}” was written anew: event {number} differs from its signed head",
    "tree": "“{stream}” up to event {number} is not what the tree of its signed head was made of",
    "truncated": "“{stream}” was cut off: event {number} existed and is gone",
    "missing": "there are events, but no signed heads or no key to check them",
    "signature": "line {number} of the heads file does not carry our signature",
    "order": "line {number} of the heads file does not follow the line before it",
    "stamp": "the time stamp of line {number} of the heads file does not hold",
}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--heads", type=Path, help="an outside copy of the heads file")
        parser.add_argument("--public-key", type=Path, help="an outside copy of heads.pub.pem")

        parser.add_argument("--tsa-roots", type=Path, help="roots of the time stamps, PEM")

    def handle(self, **options: Any) -> None:
        try:
            roots = stamps.roots(options["tsa_roots"]) if options["tsa_roots"] else None
            report = verification.verify(options["heads"], options["public_key"], roots)
        except stamps.RootsMissingError as fault:
            raise CommandError(f"{fault.reason}: no certificates can be read there") from fault
        for finding in report.findings:
            sentence = SENTENCES[finding.reason]
            self.stderr.write(sentence.format(number=finding.number, stream=finding.stream))
        if report.findings:
            raise CommandError("the audit does not hold")
        self.stdout.write(
            f"the audit holds: {report.events} events in {report.streams} streams, "
            f"{report.signed} signed heads" + _stamped(report)
        )


def _stamped(report: verification.Report) -> str:
    """Say how many heads an outsider's clock saw, and which wait for it."""
    if not (report.stamped or report.unstamped):
        return ""
    said = f", {report.stamped} of them with a time stamp"
    waiting = ", ".join(map(str, report.unstamped))
    return said + (f"; without one yet: lines {waiting}" if waiting else "")

"""Checks the audit from its first event and ends with 1 if anything was changed behind its back."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.services import verification

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
}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--heads", type=Path, help="an outside copy of the heads file")
        parser.add_argument("--public-key", type=Path, help="an outside copy of heads.pub.pem")

    def handle(self, **options: Any) -> None:
        report = verification.verify(options["heads"], options["public_key"])
        for finding in report.findings:
            sentence = SENTENCES[finding.reason]
            self.stderr.write(sentence.format(number=finding.number, stream=finding.stream))
        if report.findings:
            raise CommandError("the audit does not hold")
        self.stdout.write(
            f"the audit holds: {report.events} events in {report.streams} streams, "
            f"{report.signed} signed heads"
        )

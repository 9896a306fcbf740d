"""Makes the index of the archive's search anew, beside the old one, while people search.

It may be ended at any moment; started again it goes on where it was.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.search import index
from archive.search.index import Table
from archive.services import indexing

SENTENCES = {
    "missing": "record {number} is not in the index",
    "gone": "the index has a record {number} that does not exist",
    "differs": "the index says something else of record {number} than the record does",
}
TOLD_EVERY = 20  # batches


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        chosen = parser.add_mutually_exclusive_group()
        chosen.add_argument("--check", action="store_true", help="only compare index and records")
        chosen.add_argument("--missing", action="store_true", help="only if there is no index")
        chosen.add_argument("--drop", action="store_true", help="forget the index, and begin anew")

    def handle(self, **options: Any) -> None:
        if options["check"]:
            self._check()
        elif not (options["missing"] and index.tables() == {Table.SERVING}):
            self._build(drop=options["drop"])

    def _build(self, *, drop: bool) -> None:
        for table in Table if drop else ():
            index.drop(table)
        for number, done in enumerate(indexing.build(), 1):
            if number % TOLD_EVERY == 0:
                self.stdout.write(f"up to record {done}")
        self.stdout.write("the new index answers")

    def _check(self) -> None:
        if index.tables() != {Table.SERVING}:
            raise CommandError("there is no whole index: run manage.py index_records")
        wrong = 0
        for wrong, finding in enumerate(indexing.check(), 1):  # noqa: B007 counted
            self.stderr.write(SENTENCES[finding.reason].format(number=finding.record))
        if wrong:
            raise CommandError("index and records differ: run manage.py index_records")
        self.stdout.write("index and records agree")

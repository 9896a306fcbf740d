"""`manage.py seals`: how the sealing of papers stands; lets it go on, gives up, checks."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from registration.errors import RegistrationError
from registration.models import PaperSeal
from registration.queries import seals as found
from registration.seals.errors import SealError
from registration.services import seals


class Command(BaseCommand):
    help = "Says how many papers are sealed, wait or failed, and what hinders them."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--again", action="store_true", help="let what failed be tried again")
        what.add_argument("--give-up", metavar="CASE", help="leave a case's papers without a seal")
        what.add_argument("--check", action="store_true", help="check every seal; 1 if one fails")
        parser.add_argument("--reason", help="why it is given up")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["again"]:
            self.stdout.write(f"{seals.try_again(by=None)} papers wait again")
        elif options["give_up"]:
            self._give_up(options["give_up"], options["reason"])
        elif options["check"]:
            self._check()
        else:
            self._tell()

    def _tell(self) -> None:
        states = Counter(PaperSeal.objects.values_list("state", flat=True))
        self.stdout.write(", ".join(f"{state}: {states[state]}" for state in PaperSeal.State))
        hindered = PaperSeal.objects.exclude(failure_code="")
        for sentence, papers in Counter(map(found.hindrance, hindered)).most_common():
            self.stdout.write(f"{papers} × {sentence}")

    def _give_up(self, case: str, reason: str | None) -> None:
        if not (reason or "").strip():
            raise CommandError("say why with --reason")
        unsealed = PaperSeal.objects.filter(paper__application__number=case)
        unsealed = unsealed.exclude(state=PaperSeal.State.SEALED)
        if not unsealed:
            raise CommandError(f"no paper of the case {case} waits for a seal")
        for seal in unsealed:
            try:
                seals.give_up(seal, str(reason).strip(), by=None)
            except RegistrationError as fault:  # it was sealed at this very moment
                self.stdout.write(f"{seal}: {fault.sentence()}")

    def _check(self) -> None:
        verdicts: Counter[str] = Counter()
        for seal in seals.made():
            try:
                finding = seals.check(seal)
            except SealError as fault:
                raise CommandError(found.sentence(fault)) from fault
            verdicts[finding.verdict] += 1
            if not finding.sound:
                self.stdout.write(f"{seal.sha256} {seal}: {found.verdict(finding)}")
        self.stdout.write(", ".join(f"{name}: {papers}" for name, papers in verdicts.items()))
        if set(verdicts) - {"sound"}:
            raise CommandError("not every seal is sound")

"""Gets the time stamps that signed heads still lack, and lists the heads that stay without."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.services.log import heads, stamps


class Command(BaseCommand):
    help = __doc__

    def handle(self, **_options: Any) -> None:
        try:
            nobody = stamps.authority() is None
        except stamps.RootsMissingError as fault:
            raise CommandError(f"{fault.reason}: no certificates can be read there") from fault
        if nobody:
            raise CommandError("no time-stamping authority is set: see OVERA_AUDIT_TSA")
        came = stamps.stamp_missing(said=self.stderr.write)
        self.stdout.write(f"{came} time stamps came")
        if waiting := stamps.missing(heads.heads_file()):
            lines = ", ".join(str(head.number) for head in waiting)
            raise CommandError(f"without a time stamp: lines {lines} of the heads file")

"""Printed pages of real cases, filled with a pen and scanned into one file."""

from numpy.random import Generator

from registration.models import Application, Office, Page, Stack, User
from registration.queries import papers, scans
from registration.services import stack_reading, stacks
from tests.intake import dirt, files, pens, scanner
from tests.intake.scanner import Scanner, Sheet

LIGHT = Scanner(dpi=150, skew=0.8, upside_down=0.2)
SIGNED = frozenset({"citizen", "officer", "seal"})


def pages(case: Application) -> list[Page]:
    """Return the pages of the papers that count, in the order of printing."""
    found = Page.objects.filter(paper__in=papers.current(Application.objects.get(pk=case.pk)))
    return list(
        found.select_related("paper__application", "paper__packet").order_by(
            "paper__position", "number"
        )
    )


def filled(
    rng: Generator, page: Page, *, roles: frozenset[str] = SIGNED, option: str = "1"
) -> Sheet:
    """Sign a page for these roles and circle the option."""
    born = scans.born_page(page)
    marks = []
    for zone in born.zones:
        if zone.kind == "signature" and zone.name in roles:
            marks += scanner.ink(rng, pens.signature(rng, zone.rect).strokes)
        if zone.kind == "option" and zone.name == option:
            marks += scanner.ink(rng, pens.circle(rng, zone.rect))
        if zone.kind == "seal" and "seal" in roles:
            middle = zone.rect.left + zone.rect.width / 2, zone.rect.top + zone.rect.height / 2
            marks += dirt.stamp(rng, *middle)
    return Sheet(born.pdf, born.number, tuple(marks))


def scanned(rng: Generator, sheet: Sheet, how: Scanner = LIGHT) -> bytes:
    """Return one page's JPEG."""
    return scanner.jpeg(scanner.scan(rng, sheet, how), how.dpi)


def pdf(rng: Generator, sheets: list[Sheet], how: Scanner = LIGHT) -> bytes:
    return files.pdf([scanned(rng, each, how) for each in sheets])


def take_in(data: bytes, office: Office, by: User | None = None, name: str = "scan.pdf") -> Stack:
    """Take a file in and read all of it, as the workers do."""
    stack = stacks.receive(name, [data], office, by=by)
    for first in stack_reading.begin(str(stack.pk)):
        stack_reading.read(str(stack.pk), first)
    stack.refresh_from_db()
    return stack

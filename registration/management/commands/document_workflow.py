"""`manage.py document_workflow`: writes docs/workflow.md from the workflow's tables."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from registration.workflow import issuance, states, status, unblocking
from registration.workflow.states import Procedure

_HEAD = """# The workflow

Written by `manage.py document_workflow` from `registration/workflow/`; the tables there are what
buttons, guards, audit names and tests read.
"""


class Command(BaseCommand):
    help = "Writes docs/workflow.md from the tables; with --check only says whether it is true."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *_args: Any, check: bool, **_options: Any) -> None:
        page = Path(str(settings.BASE_DIR)) / "docs" / "workflow.md"
        text = _HEAD + "".join(_sections())
        if not check:
            page.write_text(text)
        elif not page.exists() or page.read_text() != text:
            raise CommandError("docs/workflow.md is not what the tables say: document_workflow")


def _sections() -> Iterator[str]:
    by_table: dict[tuple[states.Step, ...], list[Procedure]] = {}
    for procedure, steps in states.STEPS.items():
        by_table.setdefault(steps, []).append(procedure)
    for steps, procedures in by_table.items():
        yield f"\n## The case: {', '.join(procedures)}\n\n"
        yield _diagram(
            (source, each.target, each.name) for each in steps for source in each.sources
        )
        yield _steps(steps)
    yield "\n## The issuance: while a case is issuing\n\n"
    yield _diagram((source, target, "") for source, to in issuance.ARROWS.items() for target in to)
    yield "\n## The unblocking: while a signed case is performed\n\n"
    yield _diagram(
        (source, target, "") for source, to in unblocking.ARROWS.items() for target in to
    )
    yield "\n## The change of a status: while a signed case is changed\n\n"
    yield _diagram((source, target, "") for source, to in status.STAGES.items() for target in to)
    yield "\n## A certificate\n\n"
    yield _diagram(
        (source, to, change)
        for change, (sources, to) in status.ARROWS.items()
        for source in sources
    )


def _diagram(arrows: Iterator[tuple[str, str, str]]) -> str:
    lines = [
        f"    {source} --> {target}{f' : {name}' if name else ''}"
        for source, target, name in arrows
    ]
    return "\n".join(["```mermaid", "stateDiagram-v2", *sorted(lines), "```", ""])


def _steps(steps: tuple[states.Step, ...]) -> str:
    rows = [
        f"| `{each.name}` | {', '.join(sorted(each.sources))} | {each.target} "
        f"| {', '.join(sorted(each.roles))} | `{each.event}` |"
        for each in steps
    ]
    head = ["", "| step | from | to | who | audit |", "|---|---|---|---|---|"]
    return "\n".join([*head, *rows, ""])

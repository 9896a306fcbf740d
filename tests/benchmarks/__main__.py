"""The packet, made our way and the naive way in turns; printed as medians and their ratio."""

import secrets
import statistics
import sys
import time
from collections.abc import Callable

from registration.documents import codes, contexts, packet, papers, rendering
from registration.documents.contexts import CaseContext
from tests.documents.case import CASE, WANTED

ROUNDS = 5


def ours() -> None:
    packet.render(CASE, WANTED, key=codes.CodeKey("A", secrets.token_bytes(32)))


def naive() -> None:
    """Render every copy from its template, without codes, and merge."""
    copies = [_plain(CASE, version) for version, _copy in WANTED]
    rendering.merged(copies)


def _plain(case: CaseContext, version: papers.PaperVersion) -> bytes:
    return rendering.pdf(version.template, contexts.values(case, version), case.script)


def _seconds(act: Callable[[], None]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def main() -> int:
    ours()
    naive()  # fonts and templates are read once
    pairs = [(_seconds(ours), _seconds(naive)) for _round in range(ROUNDS)]
    mine, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratios = sorted(theirs / own for own, theirs in pairs)
    print(f"packet with codes    {mine:6.2f} s")
    print(f"naive, without codes {other:6.2f} s")
    print(
        f"ratio                {statistics.median(ratios):6.2f}  [{ratios[0]:.2f}-{ratios[-1]:.2f}]"
    )
    print(f"median of {ROUNDS} rounds, Python {sys.version.split()[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The small table beside "signed": where the unblocking of one PIN stands.

As with an issuance, what was journaled before an arrow is what a repeated order goes on from.
"""

from enum import StrEnum


class Stage(StrEnum):
    """Where one unblocking stands."""

    WAITING = "waiting"  # ordered; the desk or the citizen is at work
    INTERRUPTED = "interrupted"  # nothing runs; the officer orders it again, or ends the case
    DONE = "done"  # the card has taken the PIN, or the officer stated how it was done elsewhere


ARROWS: dict[Stage, frozenset[Stage]] = {
    Stage.WAITING: frozenset({Stage.INTERRUPTED, Stage.DONE}),
    Stage.INTERRUPTED: frozenset({Stage.WAITING, Stage.DONE}),  # done: the answer came late
    Stage.DONE: frozenset(),
}


def allowed(source: Stage, target: Stage) -> bool:
    """Tell whether an arrow leads from `source` to `target`."""
    return target in ARROWS[source]

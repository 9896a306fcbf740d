"""The small table inside "issuing": where the making of one certificate of the case stands.

An arrow is taken when the desk or the CA has answered, or when the officer decides; what was
journaled before the arrow is what a resumed issuance goes on from.
"""

from enum import StrEnum


class Stage(StrEnum):
    """Where one issuance stands."""

    PLANNED = "planned"  # its turn comes when the certificate before it is confirmed
    WAITING_CARD = "waiting_card"  # asked the desk for key and request
    WAITING_CA = "waiting_ca"  # request journaled, the CA is asked
    WRITING = "writing"  # certificate journaled, the desk writes and proves
    CONFIRMED = "confirmed"  # read back and proven
    INTERRUPTED = "interrupted"  # nothing runs; the officer goes on or gives up
    UNKNOWN = "unknown"  # the CA's answer is lost; a person decides
    ABANDONED = "abandoned"  # given up; a certificate, if there was one, is revoked


BODY_AWAY = "ca-unreachable"  # why it stands still; it goes on by itself

RUNNING = frozenset({Stage.WAITING_CARD, Stage.WAITING_CA, Stage.WRITING})
LIVE = frozenset(Stage) - {Stage.ABANDONED}

ARROWS: dict[Stage, frozenset[Stage]] = {
    Stage.PLANNED: frozenset({Stage.WAITING_CARD, Stage.ABANDONED}),
    Stage.WAITING_CARD: frozenset({Stage.WAITING_CA, Stage.INTERRUPTED}),
    Stage.WAITING_CA: frozenset({Stage.WRITING, Stage.INTERRUPTED, Stage.UNKNOWN}),
    Stage.WRITING: frozenset({Stage.CONFIRMED, Stage.INTERRUPTED}),
    Stage.INTERRUPTED: RUNNING | {Stage.ABANDONED},
    Stage.UNKNOWN: frozenset({Stage.WAITING_CA, Stage.ABANDONED}),
    Stage.CONFIRMED: frozenset({Stage.ABANDONED}),  # recalled before hand-over
    Stage.ABANDONED: frozenset(),
}


class StageNotAllowedError(Exception):
    """The table has no such arrow; facts: both stages."""

    def __init__(self, source: Stage, target: Stage) -> None:
        super().__init__(f"{source} to {target}")
        self.source, self.target = source, target


def check(source: Stage, target: Stage) -> None:
    """Raise StageNotAllowedError unless an arrow leads from `source` to `target`."""
    if target not in ARROWS[source]:
        raise StageNotAllowedError(source, target)


def resume_at(*, has_request: bool, has_certificate: bool) -> Stage:
    """Return where an interrupted issuance goes on, from what its journal holds."""
    if has_certificate:
        return Stage.WRITING
    return Stage.WAITING_CA if has_request else Stage.WAITING_CARD

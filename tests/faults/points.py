"""Which points there are: the distinct steps of a clean run, times what can go wrong there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# What can go wrong at a command to the card: a fault of `cardops.virtual.faults` for each name.
KINDS: dict[str, dict[str, object]] = {
    "pull": {"kind": "pull"},
    "pull-after": {"kind": "pull-after"},
    "reset-by-another": {"kind": "hold"},
    "power-lost": {"kind": "power-lost"},
    "no-space": {"kind": "status", "sw": 0x6A84},
    "wrong-status": {"kind": "status", "sw": 0x6F00},
    "truncated": {"kind": "truncated"},
    "slow": {"kind": "hold"},
    "power-cut": {"kind": "hold"},
    "power-cut-after": {"kind": "hold-after"},
}

# Which process can be killed at a step of a journal, be it the one that stands there or not.
PROCESSES = ("desk", "worker", "web", "redis", "pcscd")


@dataclass(frozen=True)
class Start:
    """What a run begins from: a state that was kept, and the kind of keys that are made."""

    kept: str
    key_type: str


BLANK, OCCUPIED = "blank", "occupied"
STARTS = {
    "blank": Start(BLANK, "P-256"),
    "occupied": Start(OCCUPIED, "P-256"),
    "blank, RSA": Start(BLANK, "RSA-2048"),
}


@dataclass(frozen=True)
class Step:
    """A command, or a step of a journal, of the clean run: the `nth` of this name in it."""

    start: str  # what the run began from
    phase: str  # what the desk was told to do, and for which role
    name: str
    nth: int


@dataclass(frozen=True)
class Point:
    """One fault at one step."""

    step: Step
    kind: str

    def __str__(self) -> str:
        step = self.step
        return f"{step.start} | {step.phase} | {step.name} #{step.nth} | {self.kind}"


_READS = ("A4", "B0", "CB", "C0")


def distinct(start: str, phased: Iterable[tuple[str, str]]) -> Iterator[Step]:
    """Yield the steps of a run, given as (phase, name).

    The same read again counts once, until something was changed on the card or another phase began.
    """
    read: set[tuple[str, str]] = set()
    count: dict[str, int] = {}
    for phase, name in phased:
        count[name] = count.get(name, 0) + 1
        if not _reads(name):
            read.clear()
        if (phase, name) not in read:
            read.add((phase, name))
            yield Step(start, phase, name, count[name])


def _reads(name: str) -> bool:
    return name.startswith(_READS) or name.endswith("tries")

"""Ways of doing the same thing, timed in turns: what the machine does meanwhile hits all alike."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Act = Callable[[], object]


@dataclass(frozen=True)
class Times:
    """Seconds of each way, a list a round."""

    seconds: Mapping[str, list[float]]

    def median(self, way: str) -> float:
        return statistics.median(self.seconds[way])

    def ratio(self, slower: str, faster: str) -> tuple[float, float, float]:
        """Return how many times one way takes another's time: median, least and most of pairs."""
        pairs = zip(self.seconds[slower], self.seconds[faster], strict=True)
        found = sorted(one / other for one, other in pairs)
        return statistics.median(found), found[0], found[-1]


def interleaved(ways: Mapping[str, Act], rounds: int) -> Times:
    """Time every way once a round, in turns."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _round in range(rounds):
        for name, act in ways.items():
            seconds[name].append(once(act))
    return Times(seconds)


def once(act: Act) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started

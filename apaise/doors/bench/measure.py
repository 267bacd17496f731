"""Time what is called, many times: wall clock of each call, processor time of all of them."""

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Times:
    """How long the calls took, in milliseconds."""

    walls: tuple[float, ...]  # one for each call, in the order of the calls
    cpu: float  # of this process, for all calls together

    @property
    def median(self) -> float:
        return self.quantile(0.5)

    @property
    def p95(self) -> float:
        return self.quantile(0.95)

    @property
    def cpu_each(self) -> float:
        return self.cpu / len(self.walls)

    @property
    def per_second(self) -> float:
        whole = sum(self.walls)
        return 1000 * len(self.walls) / whole if whole else 0.0

    def quantile(self, share: float) -> float:
        """The smallest time that at least this share of the calls did not exceed (nearest rank)."""
        ordered = sorted(self.walls)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def timed(calls: Iterable[Callable[[], object]]) -> Times:
    """Call each once. The first call is measured like the others: warm up before, if that is what is asked."""
    walls = []
    cpu = time.process_time()
    for call in calls:
        before = time.perf_counter()
        call()
        walls.append(1000 * (time.perf_counter() - before))
    spent = 1000 * (time.process_time() - cpu)
    if not walls:
        raise ValueError("nothing to time")
    return Times(tuple(walls), spent)

"""Cold start: from the command to the first page, on a migrated database and on none at all."""

import os
from collections.abc import Iterator

from apaise.doors.bench import place
from apaise.doors.bench.report import Line
from apaise.doors.bench.running import of_children, running

STARTS = 5


def measure(cases: int, *, starts: int = STARTS) -> Iterator[Line]:
    """The median of several starts, and one very first start in a place of its own."""
    seconds, before = [], of_children()
    for _ in range(starts):
        with running(os.environ) as made:
            seconds.append(made.seconds)
    figures = {
        "ms": 1000 * sorted(seconds)[len(seconds) // 2],
        "slowest_ms": 1000 * max(seconds),
        "cpu_ms": (of_children() - before) / starts,
        "n": starts,
    }
    yield Line("cold.start", "cold start to the first page, migrated database", cases, figures)
    before = of_children()
    with place.of_its_own() as empty, running(empty) as made:
        first = 1000 * made.seconds
    yield Line(
        "cold.first_ever",
        "very first start, database made and migrated",
        0,
        {"ms": first, "cpu_ms": of_children() - before},
    )

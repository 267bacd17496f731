"""A changed policy tried on every case there is: shorter replies, another calendar, a mention taken away."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from apaise.doors.bench.report import Line
from apaise.doors.bench.running import of_children
from apaise.doors.operate.shares import compare_in_shares
from apaise.ground.packs.models import PackVersion
from apaise.ground.packs.pack import Pack
from apaise.intake.cases.what_if.reading import Trial

LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)


def measure(cases: int, at: datetime) -> Iterator[Line]:
    pack = Pack.from_dict(_changed(PackVersion.objects.earliest("pk").pack.as_dict()))
    pks = list(Trial(pack, at).cases(LONG_AGO).order_by("pk").values_list("pk", flat=True))
    many = len(os.sched_getaffinity(0))
    for processes in sorted({1, many}):
        began, used = time.perf_counter(), time.process_time() * 1000 + of_children()
        found = compare_in_shares(pack.canonical, at, pks, processes, lambda done: None)
        seconds = time.perf_counter() - began
        figures = {
            "cpu_ms": (time.process_time() * 1000 + of_children() - used) / max(found.cases, 1),
            "per_second": found.cases / seconds,
            "seconds": seconds,
            "seconds_per_100k": seconds / max(found.cases, 1) * 100_000,
            "processes": processes,
            "dates_moved": sum(sum(rule.days.values()) for rule in found.rules.values()),
        }
        key = "replay.policy" if processes == many else "replay.alone"
        yield Line(key, f"a changed policy tried on past cases, {processes} at once", cases, figures)


def _changed(pack: dict[str, Any]) -> dict[str, Any]:
    """Every deadline in a calendar with other hours and holidays, half of the replies in another time."""
    pack["calendar"]["business_hours"] = {"start": "08:00", "end": "16:00"}
    pack["calendar"]["holidays"] = {"set": "gb-england"}
    for rule in pack["deadlines"]:
        if rule["id"] == "reply_target":
            rule["duration_by_criticality"] = {level: {"value": 3, "unit": "business_days"} for level in ("C1", "C2", "C3", "C4")}  # fmt: skip
    pack["mandatory_mentions"] = pack["mandatory_mentions"][1:]
    return pack

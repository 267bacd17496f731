"""When a clock stands still."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple

from .calendars import LAST_DAY, Calendar
from .errors import BadTime
from .reading import day_or_moment

FOREVER: Final = datetime.max.replace(tzinfo=UTC)


class Pause(NamedTuple):
    """From one day or moment to another; without an end it is still open."""

    start: date | datetime
    end: date | datetime | None

    @classmethod
    def from_data(cls, data: Any) -> "Pause":
        """Read `{"from": "2026-11-04", "to": "2026-11-06"}`."""
        if not isinstance(data, dict) or data.get("from") is None:
            raise BadTime('A pause is written {"from": "2026-11-04", "to": "2026-11-06"}.')
        end = data.get("to")
        return cls(day_or_moment(data["from"]), None if end is None else day_or_moment(end))


class Interval(NamedTuple):
    """Moments in UTC, the end not included."""

    start: datetime
    end: datetime


def united(pauses: Sequence[Pause], calendar: Calendar) -> list[Interval]:
    """The pauses as moments, in order, with those that touch or overlap made one."""
    intervals = []
    for pause in pauses:
        start = calendar.moment(pause.start)
        end = FOREVER if pause.end is None else calendar.moment(pause.end)
        if end < start:
            raise BadTime("A pause ends before it begins; exchange its two ends.")
        if start < end:
            intervals.append(Interval(start, end))
    intervals.sort()
    whole: list[Interval] = []
    for interval in intervals:
        if whole and interval.start <= whole[-1].end:
            whole[-1] = Interval(whole[-1].start, max(whole[-1].end, interval.end))
        else:
            whole.append(interval)
    return whole


class PausedDays:
    """The local days that pauses cover from 00:00 to 24:00, as ranges in order.

    Days up to and including `day_zero` are left out. Of the others only the first `cap` stand still, weekends
    and holidays included, so one long pause cannot hold a deadline for ever.
    """

    def __init__(
        self, pauses: Sequence[Interval], calendar: Calendar, day_zero: int, cap: int | None
    ) -> None:
        self.ranges: list[tuple[int, int]] = []
        left = LAST_DAY if cap is None else cap
        for pause in pauses:
            first, last = _whole_days(pause, calendar)
            first = max(first, day_zero + 1)
            last = min(last, first + left - 1)
            if first <= last:
                self.ranges.append((first, last))
                left -= last - first + 1
        self._starts = [first for first, _ in self.ranges]

    def __contains__(self, day: int) -> bool:
        index = bisect_right(self._starts, day) - 1
        return index >= 0 and day <= self.ranges[index][1]


def _whole_days(pause: Interval, calendar: Calendar) -> tuple[int, int]:
    start = pause.start.astimezone(calendar.zone)
    first = start.toordinal()
    if calendar.midnight(first).astimezone(UTC) < pause.start:
        first += 1
    last = LAST_DAY if pause.end == FOREVER else pause.end.astimezone(calendar.zone).toordinal() - 1
    return first, last

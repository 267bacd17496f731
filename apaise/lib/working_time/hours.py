"""Durations that end at a moment: minutes on the clock, hours of opening."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from .calendars import Calendar
from .errors import NeverDue
from .pauses import FOREVER, Interval


def elapsed(begin: datetime, minutes: int, pauses: Sequence[Interval]) -> Iterator[Interval]:
    """The intervals in which the minutes run, at any hour of any day; the last one ends when they are used up."""
    left, at = timedelta(minutes=minutes), begin
    if left:
        for pause in pauses[_first_ending_after(begin, pauses) :]:
            if at < pause.start:
                free = pause.start - at
                if left <= free:
                    break
                yield Interval(at, pause.start)
                left -= free
            at = _after(pause)
    yield Interval(at, at + left)


def worked(
    begin: datetime, minutes: int, calendar: Calendar, pauses: Sequence[Interval]
) -> Iterator[Interval]:
    """The intervals of opening in which the minutes run; time used up at closing ends at closing."""
    left, day = timedelta(minutes=minutes), begin.astimezone(calendar.zone).toordinal()
    while True:
        day = calendar.business.first_from(day)
        opens, closes = calendar.opening(day)
        at = max(opens, begin)
        if at < closes and not left:
            yield Interval(at, at)
            return
        for free in _free(at, closes, pauses):
            if left <= free.end - free.start:
                yield Interval(free.start, free.start + left)
                return
            yield free
            left -= free.end - free.start
        # No time at all are due at the next opening: there is nothing a pause could hold up.
        day = max(day + 1, _day_after_pause(closes, calendar, pauses) if left else 0)


def end_of(intervals: Iterator[Interval]) -> datetime:
    for interval in intervals:
        end = interval.end
    return end


def _free(start: datetime, end: datetime, pauses: Sequence[Interval]) -> Iterator[Interval]:
    for pause in pauses[_first_ending_after(start, pauses) :]:
        if pause.start >= end:
            break
        if start < pause.start:
            yield Interval(start, pause.start)
        start = pause.end
    if start < end:
        yield Interval(start, end)


def _day_after_pause(closes: datetime, calendar: Calendar, pauses: Sequence[Interval]) -> int:
    """The local day on which a pause that is on at closing ends, so that a long one is stepped over at once."""
    index = _first_ending_after(closes, pauses)
    if index == len(pauses) or pauses[index].start > closes:
        return 0
    return _after(pauses[index]).astimezone(calendar.zone).toordinal()


def _first_ending_after(moment: datetime, pauses: Sequence[Interval]) -> int:
    return bisect_right(pauses, moment, key=lambda pause: pause.end)


def _after(pause: Interval) -> datetime:
    if pause.end == FOREVER:
        raise NeverDue("A pause is still open and has no cap: there is no due day until it ends.")
    return pause.end

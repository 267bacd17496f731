"""When something is due: a start, a duration, and what moves the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Final

from .calendars import WEEKDAYS, Calendar
from .counting import Count, Extension, Leg, Roll
from .durations import Duration
from .errors import BadTime, OutOfRange
from .pauses import Interval, Pause, PausedDays, united
from .spans import Span, explain

ROLLS: Final = ("none", "next", "previous")


@dataclass(frozen=True)
class Due:
    """The answer, and on demand its reasons."""

    calendar: Calendar
    legs: tuple[Leg, ...]
    pauses: Sequence[Interval]
    paused_days: PausedDays

    @property
    def start(self) -> datetime:
        """The moment the clock started, at the local offset."""
        return self.calendar.local(self.legs[0].begin)

    @cached_property
    def due(self) -> date:
        """The due day, local."""
        return date.fromordinal(self.legs[-1].day)

    @property
    def weekday(self) -> str:
        return WEEKDAYS[self.due.weekday()]

    @cached_property
    def due_at(self) -> datetime:
        """The moment of expiry, at the local offset: 23:59:59 for the units that count days."""
        return self.calendar.local(self.legs[-1].end(self.calendar))

    @property
    def rolled_from(self) -> date | None:
        """The day before rolling, when the roll moved it."""
        last = self.legs[-1]
        return date.fromordinal(last.before_roll) if last.before_roll != last.day else None

    @property
    def internal_target(self) -> date:
        """The last business day not after the due day: a legal date may fall on a Saturday, our work does not."""
        target = self.calendar.business.last_until(self.legs[-1].day)
        if target is None or target < self.legs[0].day_zero:
            return self.due
        return date.fromordinal(target)

    def explanation(self) -> list[Span]:
        """Every span from the start to `due_at`, each saying whether it counted and why."""
        return explain(self.calendar, self.legs, self.pauses, self.paused_days)


def due(
    start: date | datetime,
    duration: Duration,
    calendar: Calendar,
    *,
    roll: Roll = "none",
    pauses: Sequence[Pause] = (),
    max_pause: Duration | None = None,
    extension: Extension | None = None,
) -> Due:
    """When a duration that begins at `start` ends.

    start      a date (its 00:00 local), or a moment; without offset it is local to the calendar
    pauses     in any order; day units stand still only for whole local days, exact units for the interval
    max_pause  in calendar days; caps the pauses of day units only

    Raises BadTime for a question that makes no sense, OutOfRange beyond the year 9999, NeverDue while an
    uncapped pause stays open.
    """
    if roll not in ROLLS:
        raise BadTime(f"There is no roll “{str(roll)[:40]}”; use none, next or previous.")
    if max_pause is not None and max_pause.unit != "calendar_days":
        raise BadTime("max_pause is counted in calendar_days.")
    try:
        begin = calendar.moment(start)
        stops = united(pauses, calendar)
        day_zero = begin.astimezone(calendar.zone).toordinal()
        paused_days = PausedDays(stops, calendar, day_zero, max_pause.value if max_pause else None)
        legs = Count(calendar, roll, stops, paused_days).legs(
            begin, day_zero, duration, extension or Extension()
        )
    except OverflowError as problem:
        raise OutOfRange(
            "That lies outside the years 1 to 9999; use a nearer date or a shorter time."
        ) from problem
    return Due(calendar, legs, stops, paused_days)

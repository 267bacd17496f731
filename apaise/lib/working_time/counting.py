"""Counting from a start to the day or moment reached.

Days are proleptic ordinals and moments are UTC in here; `due.py` turns them into local dates and times.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final, Literal, NamedTuple, Protocol

from .calendars import LAST_DAY, Calendar
from .durations import Duration, add_months
from .errors import NeverDue, OutOfRange
from .hours import elapsed, end_of, worked
from .pauses import Interval, PausedDays

Roll = Literal["none", "next", "previous"]
_EXPIRY: Final = time(23, 59, 59)
_LONGEST: Final = (
    366 * 9999 * 24 * 60
)  # the minutes of all the years there are: no unit needs a larger number


class Extension(NamedTuple):
    """How a duration is prolonged: `to` replaces it, `adds` lengthens it, `defer_until` holds the due day back."""

    to: Duration | None = None
    adds: Duration | None = None
    defer_until: date | datetime | None = None


@dataclass(frozen=True, slots=True)
class Leg:
    """One stretch of counting. There are two when an extension adds time in another unit."""

    duration: Duration
    begin: datetime
    day_zero: int
    reached: int  # the day counting came to
    reached_at: datetime | None  # its moment, for units that end at one
    before_roll: int  # the day reached, or the later one it was deferred to
    day: int  # after the roll

    def end(self, calendar: Calendar) -> datetime:
        if self.reached_at is not None and self.before_roll == self.reached:
            return self.reached_at
        return datetime.combine(date.fromordinal(self.day), _EXPIRY, calendar.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Count:
    calendar: Calendar
    roll: Roll
    pauses: Sequence[Interval]
    paused_days: PausedDays

    def legs(
        self, begin: datetime, day_zero: int, duration: Duration, extension: Extension
    ) -> tuple[Leg, ...]:
        duration, more = extension.to or duration, extension.adds
        if more is not None and more.unit == duration.unit:
            duration, more = Duration(duration.value + more.value, duration.unit), None
        until = 0
        if extension.defer_until is not None:
            until = self.calendar.moment(extension.defer_until).astimezone(self.calendar.zone).toordinal()
        if more is None:
            return (self._leg(begin, day_zero, duration, until),)
        base = self._leg(begin, day_zero, duration, 0)
        # Counted from the end of the base, so that an extension never brings a due moment forward.
        return base, self._leg(base.end(self.calendar), base.day, more, until)

    def _leg(self, begin: datetime, day_zero: int, duration: Duration, until: int) -> Leg:
        if duration.value > _LONGEST:
            raise OutOfRange("The due day lies beyond the year 9999; use a shorter duration.")
        reached_at = self._moment_reached(begin, duration)
        if reached_at is None:
            reached = self._day_reached(day_zero, duration)
        else:
            reached = reached_at.astimezone(self.calendar.zone).toordinal()
        before_roll = max(reached, until)
        day = self._rolled(before_roll, day_zero) if duration.rolls else before_roll
        return Leg(duration, begin, day_zero, reached, reached_at, before_roll, day)

    def _moment_reached(self, begin: datetime, duration: Duration) -> datetime | None:
        if duration.unit == "minutes":
            return end_of(elapsed(begin, duration.value, self.pauses))
        if (minutes := duration.worked_minutes) is not None:
            return end_of(worked(begin, minutes, self.calendar, self.pauses))
        return None

    def _day_reached(self, day_zero: int, duration: Duration) -> int:
        """The N-th day after day 0 that counts and is not paused.

        Months and years are turned into the calendar days they have. To count these without the paused ones
        comes to the same as to move the due day by the paused days before it until it rests.
        """
        if duration.unit == "business_days":
            return self._nth(self.calendar.business, day_zero, duration.value)
        if duration.unit == "ouvrable_days":
            return self._nth(self.calendar.ouvrable, day_zero, duration.value)
        if duration.unit == "calendar_days":
            return self._nth(_EVERY_DAY, day_zero, duration.value)
        if duration.unit == "weeks":
            return self._nth(_EVERY_DAY, day_zero, duration.value * 7)
        months = duration.value * (12 if duration.unit == "years" else 1)
        return self._nth(_EVERY_DAY, day_zero, _months_later(day_zero, months) - day_zero)

    def _nth(self, days: "_Days", day_zero: int, count: int) -> int:
        day = day_zero
        for first, last in self.paused_days.ranges:
            free = days.between(day + 1, first - 1)
            if count <= free:
                break
            if last > day:
                count, day = count - free, last
            if day == LAST_DAY:
                raise NeverDue("A pause is still open and has no cap: there is no due day until it ends.")
        return days.nth_after(day, count)

    def _rolled(self, day: int, day_zero: int) -> int:
        if self.roll == "next":
            return self.calendar.business.first_from(day)
        if self.roll == "previous":
            earlier = self.calendar.business.last_until(day)
            # A promise for a Sunday is due on that Sunday: nothing is due before it began.
            return day if earlier is None or earlier < day_zero else earlier
        return day


class _Days(Protocol):
    def between(self, first: int, last: int) -> int: ...

    def nth_after(self, day: int, count: int) -> int: ...


class _EveryDay:
    def between(self, first: int, last: int) -> int:
        return max(0, last - first + 1)

    def nth_after(self, day: int, count: int) -> int:
        if day + count > LAST_DAY:
            raise OutOfRange("The due day lies beyond the year 9999; use a shorter duration.")
        return day + count


_EVERY_DAY: Final = _EveryDay()


def _months_later(day: int, months: int) -> int:
    try:
        return add_months(date.fromordinal(day), months).toordinal()
    except ValueError as problem:
        raise OutOfRange("The due day lies beyond the year 9999; use a shorter duration.") from problem

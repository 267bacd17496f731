"""A calendar: the zone in which days begin, the days that count, the hours of opening."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cached_property, lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from apaise.lib.sayable import either, sayable

from .errors import BadTime, OutOfRange
from .holidays import REGIONS, holidays

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LAST_DAY: Final = date.max.toordinal()
_BUSINESS, _OUVRABLE = frozenset(range(5)), frozenset(range(6))
_HOUR = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")


@dataclass(frozen=True)
class Calendar:
    """Days are handled as proleptic ordinals (`date.toordinal`): counting them is the engine's whole work."""

    timezone: str
    holiday_set: str
    opens: str  # "09:00"
    closes: str  # "18:00", up to "24:00"
    region: str | None = None
    business_weekdays: frozenset[int] = _BUSINESS  # Monday is 0
    ouvrable_weekdays: frozenset[int] = _OUVRABLE

    def __post_init__(self) -> None:
        if _minutes(self.opens) >= _minutes(self.closes):
            raise BadTime(
                sayable(
                    "Opening hours must end after they begin, not %(opens)s to %(closes)s.",
                    opens=self.opens,
                    closes=self.closes,
                )
            )
        if self.region is not None and self.region not in REGIONS:
            raise BadTime(
                sayable(
                    "There is no region “%(name)s”; use one of %(known)s.",
                    name=self.region,
                    known=", ".join(REGIONS),
                )
            )
        if not self.business_weekdays or not self.ouvrable_weekdays:
            raise BadTime(sayable("A calendar needs at least one working day a week."))
        holidays(self.holiday_set, self.region, 2026)  # refuses an unknown set now, not at the first question
        self.zone  # noqa: B018 - the same for the time zone

    @cached_property
    def zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(self.timezone)
        except (KeyError, ValueError, OSError) as problem:
            raise BadTime(
                sayable(
                    "There is no time zone “%(name)s”; use a name such as Europe/Paris.", name=self.timezone
                )
            ) from problem

    @cached_property
    def business(self) -> "CountedDays":
        return CountedDays(self.holiday_set, self.region, self.business_weekdays)

    @cached_property
    def ouvrable(self) -> "CountedDays":
        return CountedDays(self.holiday_set, self.region, self.ouvrable_weekdays)

    def in_region(self, region: str | None) -> "Calendar":
        return replace(self, region=region)

    def with_hours(self, opens: str, closes: str) -> "Calendar":
        return replace(self, opens=opens, closes=closes)

    def holiday(self, day: int) -> str | None:
        """The code of the public holiday on this day, if it is one."""
        return holidays(self.holiday_set, self.region, date.fromordinal(day).year).get(day)

    def moment(self, when: date | datetime) -> datetime:
        """The moment meant, in UTC: a date is its 00:00; without offset the time is local, the first of two."""
        if not isinstance(when, datetime):
            when = datetime.combine(when, time(0))
        if when.tzinfo is None:
            when = when.replace(tzinfo=self.zone)
        return when.astimezone(UTC)

    def local(self, moment: datetime) -> datetime:
        """The moment at the offset valid then. A fixed offset, not the zone: datetimes of a zone never equal another
        in the hour that clocks repeat, and subtract as if no clock changed."""
        there = moment.astimezone(self.zone)
        return there.replace(tzinfo=timezone(there.utcoffset() or timedelta()), fold=0)

    def midnight(self, day: int) -> datetime:
        """00:00 of a local day, in the calendar's zone."""
        return datetime.combine(date.fromordinal(day), time(0), self.zone)

    def opening(self, day: int) -> tuple[datetime, datetime]:
        """The moments of opening and closing on a local day, in UTC."""
        return self._at(day, self._open_minutes[0]), self._at(day, self._open_minutes[1])

    @cached_property
    def _open_minutes(self) -> tuple[int, int]:
        return _minutes(self.opens), _minutes(self.closes)

    def _at(self, day: int, minutes: int) -> datetime:
        wall = datetime.combine(date.fromordinal(day), time(0)) + timedelta(minutes=minutes)
        return wall.replace(tzinfo=self.zone).astimezone(UTC)


@dataclass(frozen=True)
class CountedDays:
    """The days of some weekdays that are no public holiday."""

    holiday_set: str
    region: str | None
    weekdays: frozenset[int]

    def __contains__(self, day: int) -> bool:
        if (day - 1) % 7 not in self.weekdays:  # ordinal 1 is a Monday
            return False
        return day not in holidays(self.holiday_set, self.region, date.fromordinal(day).year)

    def between(self, first: int, last: int) -> int:
        """How many of these days lie from `first` to `last`, both included."""
        if last < first:
            return 0
        total, year, final = 0, date.fromordinal(first).year, date.fromordinal(last).year
        for each in range(year, final + 1):
            days = self._of(each)
            total += bisect_right(days, last) - bisect_left(days, first)
        return total

    def nth_after(self, day: int, count: int) -> int:
        """The `count`-th of these days after `day`; the day itself for 0."""
        if count == 0:
            return day
        year = date.fromordinal(day).year
        days = self._of(year)
        index = bisect_right(days, day) + count - 1
        while index >= len(days):
            if year == date.max.year:
                raise OutOfRange("The due day lies beyond the year 9999; use a shorter duration.")
            index -= len(days)
            year += 1
            days = self._of(year)
        return days[index]

    def first_from(self, day: int) -> int:
        return self.nth_after(day - 1, 1) if day > 1 else (day if day in self else self.nth_after(day, 1))

    def last_until(self, day: int) -> int | None:
        """The last of these days not after `day`, or None before the first day there is."""
        while day >= 1:
            if day in self:
                return day
            day -= 1
        return None

    def _of(self, year: int) -> tuple[int, ...]:
        return _days_of_year(self.holiday_set, self.region, self.weekdays, year)


@lru_cache(maxsize=512)
def _days_of_year(
    holiday_set: str, region: str | None, weekdays: frozenset[int], year: int
) -> tuple[int, ...]:
    off = holidays(holiday_set, region, year)
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    return tuple(day for day in range(first, last + 1) if (day - 1) % 7 in weekdays and day not in off)


def _minutes(hour: str) -> int:
    if not isinstance(hour, str) or not _HOUR.fullmatch(hour):
        raise BadTime(sayable("“%(text)s” is no hour of the day; write it as 09:00.", text=hour))
    return int(hour[:2]) * 60 + int(hour[3:])


CALENDARS: Final[Mapping[str, Calendar]] = {
    "fr-metropole": Calendar("Europe/Paris", "fr-metropole", "09:00", "18:00"),
    "gb-england": Calendar("Europe/London", "gb-england", "09:00", "17:00"),
}


def calendar_named(name: str, region: str | None = None) -> Calendar:
    """One of the calendars we know, with the holidays of a region if asked."""
    if name not in CALENDARS:
        raise BadTime(
            sayable("There is no calendar “%(name)s”; use %(known)s.", name=name, known=either([*CALENDARS]))
        )
    return CALENDARS[name] if region is None else _in_region(name, region)


@lru_cache(maxsize=32)
def _in_region(name: str, region: str) -> Calendar:
    return CALENDARS[name].in_region(region)

"""The explanation of a due moment: every span from the start, whether it counted, and why."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from .calendars import Calendar
from .counting import Leg
from .hours import elapsed, worked
from .pauses import Interval, PausedDays


class Span(NamedTuple):
    """`reason` is trigger_day, worked, weekend, holiday, closed, paused, calendar or rolled."""

    start: datetime
    end: datetime
    counted: bool
    reason: str
    label: str | None = None  # the code of a public holiday, or defer_until


def explain(
    calendar: Calendar, legs: Sequence[Leg], pauses: Sequence[Interval], paused_days: PausedDays
) -> list[Span]:
    """Spans at the local offset, each beginning where the one before ends; the last ends when it is due."""
    story = _Story(calendar, legs, pauses, paused_days)
    for leg in legs:
        if leg.reached_at is None:
            story.tell_days(leg)
        else:
            story.tell_hours(leg)
        story.until_day(leg.before_roll, False, "calendar", "defer_until")
        story.until_day(leg.day, False, "rolled")
    return story.spans()


class _Story:
    def __init__(
        self, calendar: Calendar, legs: Sequence[Leg], pauses: Sequence[Interval], paused_days: PausedDays
    ) -> None:
        self.calendar, self.pauses, self.paused_days = calendar, pauses, paused_days
        self.begin = self.now = legs[0].begin
        self.end = legs[-1].end(calendar)
        self.told: list[Span] = []

    def until(self, moment: datetime, counted: bool, reason: str, label: str | None = None) -> None:
        """Tell what the time up to `moment` was; what was told already, or lies after the end, is left out."""
        moment = min(moment, self.end)
        if moment <= self.now:
            return
        if self.told and self.told[-1][2:] == (counted, reason, label):
            self.told[-1] = self.told[-1]._replace(end=moment)
        else:
            self.told.append(Span(self.now, moment, counted, reason, label))
        self.now = moment

    def until_day(self, day: int, counted: bool, reason: str, label: str | None = None) -> None:
        """The same, to the end of a local day."""
        moment = self.end
        if day < self.end.astimezone(self.calendar.zone).toordinal():
            moment = self.calendar.midnight(day + 1).astimezone(UTC)
        self.until(moment, counted, reason, label)

    def tell_days(self, leg: Leg) -> None:
        self.until_day(leg.day_zero, False, "trigger_day")
        if leg.duration.rolls:
            for first, last in self.paused_days.ranges:
                if leg.day_zero < last and first < leg.reached:
                    self.until_day(first - 1, True, "calendar")
                    self.until_day(last, False, "paused")
            self.until_day(leg.reached, True, "calendar")
            return
        days = self.calendar.business if leg.duration.unit == "business_days" else self.calendar.ouvrable
        for day in range(leg.day_zero + 1, leg.reached + 1):
            if day in self.paused_days:
                self.until_day(day, False, "paused")
            elif day in days:
                self.until_day(day, True, "worked")
            elif (day - 1) % 7 not in days.weekdays:
                self.until_day(day, False, "weekend")
            else:
                self.until_day(day, False, "holiday", self.calendar.holiday(day))

    def tell_hours(self, leg: Leg) -> None:
        if leg.duration.unit == "minutes":
            for interval in elapsed(leg.begin, leg.duration.value, self.pauses):
                self.until(interval.start, False, "paused")
                self.until(interval.end, True, "calendar")
            return
        for interval in worked(leg.begin, leg.duration.worked_minutes or 0, self.calendar, self.pauses):
            self._tell_gap(interval.start)
            self.until(interval.end, True, "worked")

    def _tell_gap(self, end: datetime) -> None:
        for pause in self.pauses:
            if pause.end > self.now and pause.start < end:
                self._tell_closed(pause.start)
                self.until(min(pause.end, end), False, "paused")
        self._tell_closed(end)

    def _tell_closed(self, end: datetime) -> None:
        if self.now < end:
            self.until(end, False, "closed", ", ".join(self._holidays(self.now, end)) or None)

    def _holidays(self, start: datetime, end: datetime) -> Iterator[str]:
        first = start.astimezone(self.calendar.zone).toordinal()
        last = (end - timedelta(seconds=1)).astimezone(self.calendar.zone).toordinal()
        for day in range(first, last + 1):
            if (day - 1) % 7 in self.calendar.business_weekdays and (code := self.calendar.holiday(day)):
                yield code

    def spans(self) -> list[Span]:
        local = self.calendar.local
        if not self.told:  # nothing to count: due when it starts
            return [Span(local(self.begin), local(self.end), True, "calendar")]
        return [span._replace(start=local(span.start), end=local(span.end)) for span in self.told]

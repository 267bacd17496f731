"""Working time: when something is due, counted in the days and hours of a calendar.

    due(date(2026, 11, 20), Duration(1, "business_days"), calendar_named("fr-metropole")).due

It knows calendars, holidays, pauses, extensions and clock changes, and no complaint word.
"""

from .calendars import CALENDARS, WEEKDAYS, Calendar, calendar_named
from .counting import Extension, Roll
from .due import ROLLS, Due, due
from .durations import UNITS, Duration, add_months
from .errors import BadTime, NeverDue, OutOfRange, WorkingTimeError
from .holidays import HOLIDAY_SETS, NAMES, REGIONS, easter, holidays
from .pauses import Pause
from .reading import day_or_moment
from .spans import Span

__all__ = [
    "CALENDARS",
    "HOLIDAY_SETS",
    "NAMES",
    "REGIONS",
    "ROLLS",
    "UNITS",
    "WEEKDAYS",
    "BadTime",
    "Calendar",
    "Due",
    "Duration",
    "Extension",
    "NeverDue",
    "OutOfRange",
    "Pause",
    "Roll",
    "Span",
    "WorkingTimeError",
    "add_months",
    "calendar_named",
    "day_or_moment",
    "due",
    "easter",
    "holidays",
]

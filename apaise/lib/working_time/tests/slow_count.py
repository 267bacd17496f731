"""A second opinion: the same rules counted one day, or one minute, at a time, sharing no code with the engine."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
DAY, MINUTE = timedelta(1), timedelta(minutes=1)
EASTER = {  # from the almanac
    int(day[:4]): date.fromisoformat(day)
    for day in (
        "2025-04-20",
        "2026-04-05",
        "2027-03-28",
        "2028-04-16",
        "2029-04-01",
        "2030-04-21",
        "2031-04-13",
        "2032-03-28",
        "2033-04-17",
        "2034-04-09",
        "2035-03-25",
        "2036-04-13",
        "2037-04-05",
        "2038-04-25",
        "2039-04-10",
        "2040-04-01",
        "2041-04-21",
        "2042-04-06",
    )
}
FIXED = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}


def is_holiday(day: date) -> bool:
    return (day.month, day.day) in FIXED or (day - EASTER[day.year]).days in (1, 39, 50)


def is_business(day: date) -> bool:
    return day.weekday() < 5 and not is_holiday(day)


def local_day(moment: datetime) -> date:
    return moment.astimezone(PARIS).date()


def covered(day: date, pauses) -> bool:
    """Whether the pauses leave no quarter of an hour of the local day uncovered (tests pause on quarters)."""
    at = datetime(day.year, day.month, day.day, tzinfo=PARIS).astimezone(UTC)
    while local_day(at) == day:
        if not any(start <= at < end for start, end in pauses):
            return False
        at += 15 * MINUTE
    return True


def slow_due_day(start: date, value: int, unit: str, roll: str, pauses, cap: int | None) -> date:
    first, last = (min((p[0] for p in pauses), default=None), start + 420 * DAY)
    paused, day = set(), start + DAY
    while first and day <= last and (cap is None or len(paused) < cap):
        if day >= local_day(first) and covered(day, pauses):
            paused.add(day)
        day += DAY
    if unit in ("business_days", "ouvrable_days"):
        return _nth(start, value, unit, paused)
    if unit in ("calendar_days", "weeks"):
        day = _nth(start, value * (7 if unit == "weeks" else 1), unit, paused)
    else:
        day = _moved(start, value * (12 if unit == "years" else 1), paused)
    return _rolled(day, roll, start)


def _nth(start: date, value: int, unit: str, paused) -> date:
    day = start
    while value:
        day += DAY
        if day in paused:
            continue
        if unit == "business_days" and not is_business(day):
            continue
        if unit == "ouvrable_days" and (day.weekday() == 6 or is_holiday(day)):
            continue
        value -= 1
    return day


def _moved(start: date, months: int, paused) -> date:
    year, month = start.year + (start.month - 1 + months) // 12, (start.month - 1 + months) % 12 + 1
    number = start.day
    while True:
        try:
            base = day = date(year, month, number)
            break
        except ValueError:
            number -= 1
    while True:
        moved = base + DAY * sum(start < each <= day for each in paused)
        if moved == day:
            return day
        day = moved


def _rolled(day: date, roll: str, start: date) -> date:
    if roll == "none":
        return day
    rolled = day
    while not is_business(rolled):
        rolled += DAY if roll == "next" else -DAY
    return day if rolled < start else rolled


def slow_end_of_hours(begin: datetime, hours: int, pauses) -> datetime:
    """`begin`, in UTC, on a whole minute."""
    left, at = hours * 60, begin
    while True:
        local = at.astimezone(PARIS)
        if is_business(local.date()) and 9 <= local.hour < 18:
            if left == 0:
                return at
            if not any(start <= at < end for start, end in pauses):
                left -= 1
                if left == 0:
                    return at + MINUTE
        at += MINUTE


def slow_end_of_minutes(begin: datetime, minutes: int, pauses) -> datetime:
    at = begin
    while minutes:
        if not any(start <= at < end for start, end in pauses):
            minutes -= 1
        at += MINUTE
    return at

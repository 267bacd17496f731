"""A second opinion on routes: tried one day at a time, sharing no code with the engine.

Truth is a number here: 0 is false, 1 true, 0.5 unknown; `all` is the least, `any` the most, `not` what is left to 1."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from apaise.lib.working_time.tests import slow_count

DAY = timedelta(1)
WORDS = {0: False, 0.5: None, 1: True}
BANK_HOLIDAYS = {  # as the government lists them
    date.fromisoformat(day)
    for day in [
        "2025-01-01",
        "2025-04-18",
        "2025-04-21",
        "2025-05-05",
        "2025-05-26",
        "2025-08-25",
        "2025-12-25",
        "2025-12-26",
        "2026-01-01",
        "2026-04-03",
        "2026-04-06",
        "2026-05-04",
        "2026-05-25",
        "2026-08-31",
        "2026-12-25",
        "2026-12-28",
        "2027-01-01",
        "2027-03-26",
        "2027-03-29",
        "2027-05-03",
        "2027-05-31",
        "2027-08-30",
        "2027-12-27",
        "2027-12-28",
        "2028-01-03",
        "2028-04-14",
        "2028-04-17",
        "2028-05-01",
        "2028-05-29",
        "2028-08-28",
        "2028-12-25",
        "2028-12-26",
        "2029-01-01",
        "2029-03-30",
        "2029-04-02",
        "2029-05-07",
        "2029-05-28",
        "2029-08-27",
        "2029-12-25",
        "2029-12-26",
    ]
}


class Place:
    """France or England."""

    def __init__(self, zone="Europe/Paris", is_business=slow_count.is_business):
        self.zone, self.is_business = ZoneInfo(zone), is_business

    def moment(self, when):
        """What people write, as a moment in UTC."""
        if isinstance(when, str):
            when = datetime.fromisoformat(when)
        elif not isinstance(when, datetime):
            when = datetime(when.year, when.month, when.day)
        return (when if when.tzinfo else when.replace(tzinfo=self.zone)).astimezone(UTC)

    def last_day(self, since, age, rolled):
        """The day at whose end `since` reaches the age."""
        start = self.moment(since).astimezone(self.zone).date()
        day = slow_count.slow_due_day(start, age["value"], age["unit"], "none", [], None)
        while rolled and age["unit"] not in ("business_days", "ouvrable_days") and not self.is_business(day):
            day += DAY
        return day


FRANCE = Place()
ENGLAND = Place("Europe/London", lambda day: day.weekday() < 5 and day not in BANK_HOLIDAYS)


def truth(condition, leaf):
    """`leaf` says 0, 0.5 or 1 for one fact."""
    if condition is None or condition.get("always"):
        return 1
    if "all" in condition:
        return min([truth(part, leaf) for part in condition["all"]], default=1)
    if "any" in condition:
        return max([truth(part, leaf) for part in condition["any"]], default=0)
    if "not" in condition:
        return 1 - truth(condition["not"], leaf)
    return leaf(condition)


def one_fact(condition, facts, at, place, rolled):
    fact, [op] = condition["fact"], [key for key in condition if key != "fact"]
    wanted = condition[op]
    if fact not in facts:
        return 0.5
    found = facts[fact]
    if op == "exists":
        return int((found is None) != wanted)
    if op == "eq":
        return int(type(found) is type(wanted) and found == wanted)
    if op == "ne":
        return int(not (type(found) is type(wanted) and found == wanted))
    if op == "in":
        return int(found in wanted)
    if op == "not_in":
        return int(found not in wanted)
    if found is None:
        return 0
    if op in ("older_than", "younger_than"):
        limit = place.last_day(found, wanted, rolled)
        older = at.astimezone(place.zone).replace(tzinfo=None) > datetime(
            limit.year, limit.month, limit.day, 23, 59, 59
        )
        return int(older == (op == "older_than"))
    return int(
        {"lt": found < wanted, "lte": found <= wanted, "gt": found > wanted, "gte": found >= wanted}[op]
    )


def slow_route(route, facts, as_of, place):
    """(result, stage, opens_on, closes_on) of one route."""
    at = place.moment(as_of)

    def judged(key, moment):
        if key == "closes_when" and key not in route:
            return 0
        return truth(route.get(key), lambda leaf: one_fact(leaf, facts, moment, place, key == "closes_when"))

    def first_day(key):
        """The first day at whose last second the condition holds, if it did not hold from the beginning."""
        if key not in route:
            return None
        for day in (date(2024, 12, 31) + DAY * n for n in range(365 * 4)):
            evening = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=place.zone).astimezone(UTC)
            if judged(key, evening) == 1:
                return None if day == date(2024, 12, 31) else day
        return None

    may, opened, closed = (judged(key, at) for key in ("eligible_when", "opens_when", "closes_when"))
    result = {0: "not_eligible", 0.5: "to_check", 1: "eligible"}[min(may, opened, 1 - closed)]
    stage = "open"
    for holds, word in (
        (0.5 in (may, opened, closed), "unknown"),
        (opened == 0, "not_yet"),
        (closed == 1, "closed"),
        (may == 0, "never"),
    ):
        stage = word if holds else stage
    last = first_day("closes_when")
    return result, stage, first_day("opens_when"), last and last - DAY

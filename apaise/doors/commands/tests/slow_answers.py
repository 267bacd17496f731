"""A second reading of the contract of `apaise deadline`: days tried one by one, holidays from lists, packs read as
plain data. It shares no code with the engine."""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

PACKS = Path(__file__).parents[3] / "ground" / "packs" / "data" / "packs"
DAY = timedelta(1)
EASTER = {year: date.fromisoformat(f"{year}-{day}") for year, day in {2024: "03-31", 2025: "04-20", 2026: "04-05", 2027: "03-28", 2028: "04-16", 2029: "04-01", 2030: "04-21", 2031: "04-13", 2032: "03-28", 2033: "04-17", 2034: "04-09", 2035: "03-25"}.items()}  # fmt: skip
ABOLITION = {
    "mayotte": (4, 27),
    "martinique": (5, 22),
    "guadeloupe": (5, 27),
    "guyane": (6, 10),
    "la-reunion": (12, 20),
}


def french(day, region):
    fixed = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
    moving = {1, 39, 50}
    if region == "alsace-moselle":
        fixed, moving = fixed | {(12, 26)}, moving | {-2}
    elif region:
        fixed = fixed | {ABOLITION[region]}
    return (day.month, day.day) in fixed or (day - EASTER[day.year]).days in moving


@cache
def english(day):
    year = day.year
    taken = {EASTER[year] - 2 * DAY, EASTER[year] + DAY}
    mays = [date(year, 5, n) for n in range(1, 32)]
    mondays = [each for each in mays if each.weekday() == 0]
    taken |= {
        mondays[0],
        mondays[-1],
        [d for n in range(1, 32) if (d := date(year, 8, n)).weekday() == 0][-1],
    }
    for named in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        given = named
        # A substitute is the next weekday that is not a holiday of its own right.
        while given.weekday() > 4 or given in taken or (given != named and given in (date(year, 12, 25), date(year, 12, 26))):  # fmt: skip
            given += DAY
        taken |= {named, given}
    return day in taken


class Place:
    def __init__(self, name, region=None, hours=None):
        self.uk = name == "gb-england"
        self.zone, self.region = ZoneInfo("Europe/London" if self.uk else "Europe/Paris"), region
        self.opens, self.closes = hours or ((9, 17) if self.uk else (9, 18))

    def holiday(self, day):
        return english(day) if self.uk else french(day, self.region)

    def business(self, day):
        return day.weekday() < 5 and not self.holiday(day)

    def moment(self, said):
        at = datetime.fromisoformat(said)
        return (at if at.tzinfo else at.replace(tzinfo=self.zone)).timestamp()

    def local(self, stamp):
        return datetime.fromtimestamp(stamp, self.zone)

    def midnight(self, day):
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp()


def paused_days(place, start, pauses, cap):
    """Whole local days after the start that the pauses, taken together, cover."""
    spans = [(place.moment(p["from"]), float("inf") if p["to"] is None else place.moment(p["to"])) for p in pauses]  # fmt: skip
    found, day = [], start + DAY
    last = max((b for _, b in spans), default=0)
    while day < start + 900 * DAY and place.midnight(day) < last and (cap is None or len(found) < cap):
        at, end = place.midnight(day), place.midnight(day + DAY)
        while at < end:
            reach = max((b for a, b in spans if a <= at < b), default=at)
            if reach == at:
                break
            at = reach
        if at >= end:
            found.append(day)
        day += DAY
    return set(found)


def counted(place, start, duration, paused):
    """The due day of a duration, before any roll."""
    value, unit = duration["value"], duration["unit"]
    if unit in ("months", "years"):
        month = start.month - 1 + value * (12 if unit == "years" else 1)
        year, month, number = start.year + month // 12, month % 12 + 1, start.day
        while True:
            try:
                plain = date(year, month, number)
                break
            except ValueError:
                number -= 1
        day = plain
        while (moved := plain + sum(start < each <= day for each in paused) * DAY) != day:
            day = moved
        return day
    left, day = value * (7 if unit == "weeks" else 1), start
    while left:
        day += DAY
        counts = {
            "business_days": place.business(day),
            "ouvrable_days": day.weekday() < 6 and not place.holiday(day),
        }.get(unit, True)
        left -= counts and day not in paused
    return day


def rolled(place, day, roll, start, unit):
    if roll == "none" or unit in ("business_days", "ouvrable_days"):
        return day
    there = day
    while not place.business(there):
        there += DAY if roll == "next" else -DAY
    return there if there >= start else day


def due_day(place, request):
    """(due, internal_target) in day units."""
    start = place.local(place.moment(request["start"])).date()
    duration, roll = request["duration"], request.get("roll") or "none"
    extension = request.get("extension") or {}
    cap = request.get("max_pause")
    paused = paused_days(place, start, request.get("pauses") or [], cap and cap["value"])
    duration = extension.get("to", duration)
    more = extension.get("adds")
    if more and more["unit"] == duration["unit"]:
        duration, more = {**duration, "value": duration["value"] + more["value"]}, None
    day = counted(place, start, duration, paused)
    if "defer_until" in extension:
        day = max(day, place.local(place.moment(extension["defer_until"])).date())
    day = rolled(place, day, roll, start, duration["unit"])
    if more:
        # From the base due day on, which an extension never brings forward.
        day = rolled(place, counted(place, day, more, paused), roll, day, more["unit"])
    target = day
    while target >= start and not place.business(target):
        target -= DAY
    return day, target if target >= start else day


@cache
def read_pack(pack_id):
    data = yaml.safe_load((PACKS / f"{pack_id}.yaml").read_text(encoding="utf-8"))
    deadlines, calendar = {}, {}
    if data.get("extends"):
        above, calendar = read_pack(data["extends"])
        deadlines |= above
    for each in data["deadlines"]:
        deadlines.pop(each["id"], None) if each.get("disabled") else deadlines.update({each["id"]: each})
    return deadlines, {**calendar, **data.get("calendar", {})}


def pack_request(rule, request):
    """A deadline of a pack, written as the bare duration it comes to."""
    by_level = rule.get("duration_by_criticality") or {}
    terms, extension = rule.get("extension") or {}, {}
    if request.get("extended"):
        extension = {key: terms[key] for key in ("to", "adds") if terms.get(key)}
    if request.get("defer_until") and terms.get("kind") == "defer_until":
        extension = {**extension, "defer_until": request["defer_until"]}
    return {
        "start": request["start"],
        "duration": by_level.get(request.get("criticality")) or rule.get("duration"),
        "roll": rule.get("roll", "none"),
        "pauses": request["pauses"] if rule.get("pause_when") else [],
        "max_pause": rule.get("max_pause"),
        "extension": extension,
    }


def penalty(name, amount, days, price):
    """(rate, increase, total, legal interest, capped)"""
    amount, price = Decimal(amount), Decimal(price or amount)
    if days <= 0:
        return "0", Decimal("0.00"), amount.quantize(Decimal("0.01")), False, False
    if name != "withdrawal_L242-4":
        rate = "0.10" if days <= 14 else "0.20" if days <= 30 else "0.50"
    elif days < 10:
        return None, None, None, True, False
    else:
        percent = 5 if days < 20 else 10 if days < 30 else 20 if days < 60 else 50 if days < 90 else 55 + 5 * ((days - 90) // 30)  # fmt: skip
        rate = f"{percent // 100}.{percent % 100:02}"
    plain = amount * Decimal(rate)
    return rate, min(plain, price).quantize(Decimal("0.01"), ROUND_HALF_UP), None, False, plain >= price

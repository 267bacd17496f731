"""Dates as mail programs write them for people: « lundi 3 mars 2025 à 10:12 », March 3, 2025 10:12 AM, 3. März 2025 um 10:12 MEZ."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo

from apaise.lib.language.folding import folded

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan janv january janvier januar", "feb fev fevr february fevrier februar", "mar mars march marz maerz mrz",
         "apr avr april avril", "may mai", "jun juin june juni", "jul juil july juillet juli", "aug aou aout august",
         "sep sept september septembre", "oct okt october octobre oktober", "nov november novembre",
         "dec dez december decembre dezember"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_SHAPES = [
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})(?:er|st|nd|rd|th|\.)?[\s-]{{1,3}}{_MONTH}[\s,-]{{1,3}}(?P<year>(?:19|20)\d\d)\b"),
    re.compile(rf"\b{_MONTH}\s{{1,3}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,3}}(?P<year>(?:19|20)\d\d)\b"),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)"),
]  # fmt: skip
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})([/.-])(\d{1,2})\2((?:19|20)?\d\d)(?!\d)")
_CLOCK = re.compile(
    r"(?<![\d+:-])(\d{1,2})\s?(?:[:h]|uhr|heures?)\s?(\d{2})(?::(\d{2}))?(?!\d)\s?([ap]\.?m\b)?"
)
_SHIFT = re.compile(r"(?:utc|gmt|(?<=\d)\s|^\s{0,3})\s?([+-])(\d{1,2}):?(\d{2})?(?!\d)")
_ZONES = {"utc": 0, "gmt": 0, "z": 0, "cet": 1, "mez": 1, "hnec": 1, "cest": 2, "mesz": 2, "haec": 2, "bst": 1,
          "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}  # fmt: skip
_ZONE_NAME = re.compile(rf"\b({'|'.join(_ZONES)})\b")
MIDDAY = 12  # of a day without an hour


def read_date(text: str, zone: tzinfo, *, day_first: bool | None = True) -> datetime | None:
    """The moment said, aware, or None when it cannot be told for sure.

    zone       in which an hour without one is read
    day_first  how a date of numbers alone is read; None: only where there is no doubt"""
    said = folded(text[:200])
    for shape in _SHAPES:
        if found := shape.search(said):
            month = found["month"]
            number = int(month) if month.isdigit() else _MONTHS[month]
            day = (int(found["year"]), number, int(found["day"]))
            return _moment(day, said[: found.start()], said[found.end() :], zone)
    if found := _NUMBERS.search(said):
        rest = said[found.end() :]
        if day_first is None and re.search(r"\d\s?[ap]\.?m\b", rest):
            day_first = False  # twelve hours and a date of numbers are American together
        numbers = _in_order(int(found[1]), int(found[3]), day_first)
        if numbers:
            year = int(found[4])
            return _moment((year if year > 99 else 2000 + year, *numbers), said[: found.start()], rest, zone)
    return None


def _in_order(one: int, other: int, day_first: bool | None) -> tuple[int, int] | None:
    """(month, day)."""
    if day_first is None and one != other:
        if (one > 12) == (other > 12):
            return None
        day_first = one > 12
    return (one, other) if day_first is False else (other, one)


def _moment(day: tuple[int, int, int], before: str, after: str, zone: tzinfo) -> datetime | None:
    found = _CLOCK.search(after) or _CLOCK.search(before)
    hour, minute, second = (int(found[1]), int(found[2]), int(found[3] or 0)) if found else (MIDDAY, 0, 0)
    if found and found[4]:
        hour = hour % 12 + (12 if found[4].startswith("p") else 0)
    rest = found.string[found.end() :] if found else ""
    try:
        return datetime(*day, hour, minute, min(second, 59), tzinfo=_zone(rest) or zone)
    except (ValueError, OverflowError):
        return None


def _zone(rest: str) -> tzinfo | None:
    if shift := _SHIFT.search(rest):
        away = timedelta(hours=int(shift[2]), minutes=int(shift[3] or 0))
        return timezone(-away if shift[1] == "-" else away)
    if name := _ZONE_NAME.search(rest):
        return timezone(timedelta(hours=_ZONES[name[1]]))
    return None

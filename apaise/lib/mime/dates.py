"""The Date field: RFC 5322, its older forms, and what programs write instead."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan", "feb fév fev", "mar mär", "apr avr", "may mai", "jun juin", "jul juil", "aug aoû aou",
         "sep", "oct okt", "nov", "dec déc dez"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ZONES = {"ut": 0, "gmt": 0, "utc": 0, "z": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
          "pst": -8, "pdt": -7, "cet": 1, "cest": 2, "met": 1, "mest": 2, "bst": 1, "wet": 0, "west": 1}  # fmt: skip
_CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?(?:\.\d{1,9})?"
_ZONE = r"\s{0,5}(?P<zone>[+-]\d{2}:?\d{2}|[A-Za-z]{1,5})?"
_SHAPES = [
    re.compile(
        r"(?<!\d)(?P<day>\d{1,2})[\s.-]{1,5}(?P<month>[^\W\d_]{3,10})\.?[\s,-]{1,5}(?P<year>\d{4}|\d{2,3})[\s,]{1,5}"
        + _CLOCK + _ZONE
    ),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})[T\s]{1,3}" + _CLOCK + _ZONE),
    re.compile(r"(?P<month>[A-Za-z]{3})\s{1,3}(?P<day>\d{1,2})\s{1,3}" + _CLOCK + r"\s{1,3}(?P<year>\d{4})" + _ZONE),
]  # fmt: skip


def parse_date(value: str) -> datetime | None:
    """The moment, aware and in UTC, or None. A date without a zone is read as UTC."""
    for shape in _SHAPES:
        if found := shape.search(value[:200]):
            try:
                return _moment(found.groupdict())
            except (ValueError, OverflowError):
                return None
    return None


def _moment(said: dict[str, str | None]) -> datetime:
    year, month = int(said["year"] or 0), said["month"] or ""
    if year < 1000:  # RFC 5322 §4.3: two and three digits
        year += 2000 if year < 50 else 1900
    number = int(month) if month.isdigit() else _month(month)
    second = min(int(said["second"] or 0), 59)  # a leap second is still a date
    clock = (int(said["hour"] or 0), int(said["minute"] or 0), second)
    local = datetime(year, number, int(said["day"] or 0), *clock, tzinfo=_zone(said["zone"]))
    return local.astimezone(UTC)


def _month(name: str) -> int:
    low = name.lower()
    number = _MONTHS.get(low[:4]) or _MONTHS.get(low[:3])
    if not number:
        raise ValueError(f"no month is called {name!r}")
    return number


def _zone(said: str | None) -> timezone:
    if not said:
        return UTC
    if said[0] in "+-":
        digits = said[1:].replace(":", "")
        shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        return timezone(-shift if said[0] == "-" else shift)
    return timezone(timedelta(hours=_ZONES.get(said.lower(), 0)))

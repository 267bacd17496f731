"""The Date field: RFC 5322, its older forms, and what programs write instead."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan ene gen sty", "feb fév fev lut", "mar mär maa", "apr avr abr kwi", "may mai mag mei maj",
         "jun juin giu cze", "jul juil lug lip", "aug aoû aou ago sie", "sep set wrz", "oct okt ott out paź",
         "nov lis", "dec déc dez dic gru"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ZONES = {"ut": 0, "gmt": 0, "utc": 0, "z": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
          "pst": -8, "pdt": -7, "cet": 1, "cest": 2, "met": 1, "mest": 2, "bst": 1, "wet": 0, "west": 1}  # fmt: skip
_CLOCK = (
    r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?(?:[.,]\d{1,9})?"
    r"(?:\s{0,2}(?P<half>[AaPp])\.?[Mm]\b\.?)?"
)
_ZONE = r"\s{0,5}(?:(?:GMT|UTC?)(?=[+-]))?(?P<zone>[+-]\d{1,2}(?::?\d{2})?(?!\d)|[A-Za-z]{1,5}\b)?"
_SHAPES = [
    re.compile(
        r"(?<!\d)(?P<day>\d{1,2})(?:er|\.|st|nd|rd|th)?[\s.-]{0,5}(?:(?:de|of)\s)?(?P<month>[^\W\d_]{3,10})\.?[\s,-]{1,5}"
        r"(?:de\s)?(?P<year>\d{4}|\d{2,3})(?!\d)[\s,]{1,5}(?:(?:à|at|um|kl)\.?\s{1,3})?" + _CLOCK + _ZONE
    ),
    re.compile(r"(?<!\d)(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})[T\s]{1,3}" + _CLOCK + _ZONE),
    re.compile(
        r"(?<!\d)(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})T?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})" + _ZONE
    ),
    re.compile(
        r"(?P<month>[^\W\d_]{3,10})\.?\s{1,3}(?P<day>\d{1,2}),?\s{1,3}(?P<year>\d{4}),?\s{1,3}(?:at\s)?" + _CLOCK + _ZONE
    ),
    re.compile(
        r"(?P<month>[^\W\d_]{3})\s{1,3}(?P<day>\d{1,2})\s{1,3}" + _CLOCK
        + r"(?:\s{1,3}(?P<early_zone>[+-]\d{4}|[A-Z]{2,5}))?\s{1,3}(?P<year>\d{4})(?!\d)" + _ZONE
    ),
    # Numbers alone: the day first, as everywhere but in America.
    re.compile(r"(?<!\d)(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})[,\s]{1,3}" + _CLOCK + _ZONE),
]  # fmt: skip
_COMMENT = re.compile(r"\([^()]{0,100}\)")


def parse_date(value: str) -> datetime | None:
    """The moment, aware and in UTC, or None. A date without a zone is read as UTC."""
    value = " ".join(_COMMENT.sub(" ", value[:200]).split())
    for shape in _SHAPES:
        if found := shape.search(value):
            try:
                return _moment(found.groupdict())
            except (ValueError, OverflowError):
                continue  # "October 6" may look like the day of another shape
    return None


def _moment(said: dict[str, str | None]) -> datetime:
    year, month = int(said["year"] or 0), said["month"] or ""
    if year < 1000:  # RFC 5322 §4.3: two and three digits
        year += 2000 if year < 50 else 1900
    number, day = int(month) if month.isdigit() else _month(month), int(said["day"] or 0)
    if number > 12 >= day:
        number, day = day, number
    hour, after_midnight = _hour(int(said["hour"] or 0), (said.get("half") or "").lower())
    second = min(int(said["second"] or 0), 59)  # a leap second is still a date
    clock = (hour, int(said["minute"] or 0), second)
    local = datetime(year, number, day, *clock, tzinfo=_zone(said["zone"] or said.get("early_zone")))
    return (local + after_midnight).astimezone(UTC)


def _hour(hour: int, half: str) -> tuple[int, timedelta]:
    if hour == 24:
        return 0, timedelta(days=1)
    if half and hour <= 12:
        return hour % 12 + (12 if half == "p" else 0), timedelta()
    return hour, timedelta()


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
        digits = digits.zfill(2 if len(digits) < 3 else 4).ljust(4, "0")
        shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        return timezone(-shift if said[0] == "-" else shift)
    return timezone(timedelta(hours=_ZONES.get(said.lower(), 0)))

"""Dates inside demo texts, so that the stories stay true whatever the day the demo is started.

A text holds marks such as `{day R-12}` or `{day W+3 open}`:

    kind    `day` (jeudi 12 novembre), `date` (12 novembre), `weekday` (jeudi), `short` (12/11), `month` (novembre)
    anchor  `R`, the day the case was received, or `W`, the day this text is written
    offset  days, or months for `month`
    `open`  moved on to a working day, forward for `+`, back for `-`
"""

import re
from collections.abc import Callable
from datetime import date, timedelta

from apaise.lib.saying import MONTHS, WEEKDAYS

MARK = re.compile(r"\{(day|date|weekday|short|month) ([RW])(?:([+-])(\d+))?( open)?\}")


def monday_to_friday(day: date) -> bool:
    return day.weekday() < 5


def fill(
    text: str,
    *,
    language: str,
    received: date,
    written: date,
    is_open: Callable[[date], bool] = monday_to_friday,
) -> str:
    """The text with its marks replaced by dates; give the desk's calendar as `is_open` to step over holidays."""

    def spelled(mark: re.Match[str]) -> str:
        kind, anchor, sign, number, moved = mark.groups()
        start = received if anchor == "R" else written
        offset = int(f"{sign or '+'}{number or 0}")
        if kind == "month":
            return MONTHS[language][(start.month - 1 + offset) % 12]
        day = start + timedelta(days=offset)
        step = timedelta(days=-1 if sign == "-" else 1)
        while moved and not is_open(day):
            day += step
        return _spell(kind, day, language)

    return MARK.sub(spelled, text)


def _spell(kind: str, day: date, language: str) -> str:
    if kind == "weekday":
        return WEEKDAYS[language][day.weekday()]
    if kind == "short":
        return f"{day:%d/%m}"
    number = "1er" if language == "fr" and day.day == 1 else str(day.day)
    spelled = f"{number} {MONTHS[language][day.month - 1]}"
    return f"{WEEKDAYS[language][day.weekday()]} {spelled}" if kind == "day" else spelled

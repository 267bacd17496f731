"""Reading a day or a moment as people and programs write it."""

import re
from datetime import date, datetime
from typing import Any, Final

from .errors import BadTime

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:?\d{2}.*", re.ASCII)


def day_or_moment(text: Any) -> date | datetime:
    """`2026-11-20`, or an ISO 8601 moment; one without offset stays naive and is local to the calendar."""
    if isinstance(text, str):
        try:
            if _DAY.fullmatch(text):
                return date.fromisoformat(text)
            if _MOMENT.fullmatch(text):
                return datetime.fromisoformat(text)
        except ValueError:
            pass
    shown = str(text)[:40].replace("\n", " ")
    raise BadTime(f"“{shown}” is no day or moment; write 2026-11-20 or 2026-11-20T17:00:00+01:00.")

"""How the doctor says things."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal

Level = Literal["ok", "warning", "bad"]
Said = Iterable[tuple[Level, str]]
SLOW = timedelta(minutes=5)  # a job that waits longer than this, though it is due


def how_long(time: timedelta) -> str:
    """About how long, in the largest unit that says something."""
    minutes = int(time.total_seconds() // 60)
    if minutes < 2:
        return f"{int(time.total_seconds())} s"
    return (
        f"{minutes} min" if minutes < 120 else f"{minutes // 60} h" if minutes < 2880 else f"{time.days} days"
    )

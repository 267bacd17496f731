"""The one clock. Code asks `now()`; tests, demo data and replays set it with `at_moment`."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, tzinfo

_set_to: ContextVar[datetime | None] = ContextVar("apaise_clock", default=None)


def now() -> datetime:
    """The present moment, aware, UTC; or the moment set by `at_moment` in this context."""
    return _set_to.get() or datetime.now(UTC)


def today(zone: tzinfo) -> date:
    """The present day there. Near midnight it is not the day of UTC."""
    return now().astimezone(zone).date()


@contextmanager
def at_moment(moment: datetime) -> Iterator[None]:
    """Everything inside happens at `moment` (aware, any zone). Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("The clock needs a moment with a time zone.")
    token = _set_to.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.reset(token)

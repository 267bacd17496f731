"""A pack's conditions over what is known of a case: true, false, or unknown (Kleene).

A fact that is absent is unknown. A fact that is None is known not to exist: no final reply yet.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from apaise.lib.working_time import Calendar, Duration, Roll, WorkingTimeError, day_or_moment, due

Facts = Mapping[str, Any]
OPERATORS: Final = (
    "eq",
    "ne",
    "in",
    "not_in",
    "lt",
    "lte",
    "gt",
    "gte",
    "exists",
    "older_than",
    "younger_than",
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One condition on one fact. `value` is what the pack compares with, `found` what the case has."""

    fact: str
    op: str
    value: Any
    found: Any
    outcome: bool | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`result` is None when unknown; `because` holds the leaves that decided, or those still unknown."""

    result: bool | None
    because: tuple[Leaf, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """The moment a condition is read at, and the calendar in which ages are counted.

    `closing` is for `closes_when`: a limit that falls on a closed day then ends on the next business day, so
    that a route closes when the customer's own window does.
    """

    as_of: date | datetime
    calendar: Calendar
    closing: bool = False


def evaluate(predicate: Mapping[str, Any] | None, facts: Facts, moment: Moment | None = None) -> Verdict:
    """Judge a predicate; none at all is true. Without a moment every age is unknown."""
    if predicate is None or "always" in predicate:
        return Verdict(True)
    if "all" in predicate:
        return _joined(predicate["all"], facts, moment, decisive=False)
    if "any" in predicate:
        return _joined(predicate["any"], facts, moment, decisive=True)
    if "not" in predicate:
        inner = evaluate(predicate["not"], facts, moment)
        return Verdict(None if inner.result is None else not inner.result, inner.because)
    fact = predicate["fact"]
    op = next(key for key in predicate if key != "fact")
    outcome = _leaf(op, predicate[op], facts, fact, moment)
    return Verdict(outcome, (Leaf(fact, op, predicate[op], facts.get(fact), outcome),))


def facts_asked(predicate: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Every fact a predicate asks for, whatever decides it, in the order they are named."""
    if not predicate:
        return ()
    own = [str(predicate["fact"])] if "fact" in predicate else []
    parts = [*predicate.get("all", ()), *predicate.get("any", ()), predicate.get("not")]
    return tuple(dict.fromkeys([*own, *(fact for part in parts for fact in facts_asked(part))]))


def _joined(
    parts: Sequence[Mapping[str, Any]], facts: Facts, moment: Moment | None, *, decisive: bool
) -> Verdict:
    """`all` is decided by one false part, `any` by one true part; an unknown part leaves the rest undecided."""
    verdicts = [evaluate(part, facts, moment) for part in parts]
    results = [verdict.result for verdict in verdicts]
    result = decisive if decisive in results else None if None in results else not decisive
    return Verdict(result, tuple(leaf for each in verdicts if each.result is result for leaf in each.because))


def _leaf(op: str, value: Any, facts: Facts, fact: str, moment: Moment | None) -> bool | None:
    if fact not in facts:
        return None
    found = facts[fact]
    if op == "exists":
        return (found is not None) is value
    if op in ("eq", "ne"):
        if isinstance(value, bool) and found is not None and not isinstance(found, bool):
            return None  # "yes", 1: somebody meant something, and it is not for us to guess what
        return _same(found, value) is (op == "eq")
    if op in ("in", "not_in"):
        among = found is not None and any(_same(found, each) for each in value)
        return among is (op == "in")
    if found is None:
        return False
    if op in ("older_than", "younger_than"):
        older = _is_older(found, value, moment)
        return None if older is None else older is (op == "older_than")
    return _compared(op, found, value)


def _same(found: Any, value: Any) -> bool:
    if isinstance(found, bool) or isinstance(value, bool):
        return found is value
    if isinstance(value, int | float) and isinstance(found, str):
        return _number(found) == _number(value)
    return bool(found == value)


_ORDER: Final[Mapping[str, Callable[[Decimal, Decimal], bool]]] = {
    "lt": Decimal.__lt__,
    "lte": Decimal.__le__,
    "gt": Decimal.__gt__,
    "gte": Decimal.__ge__,
}


def _compared(op: str, found: Any, value: Any) -> bool | None:
    left, right = _number(found), _number(value)
    # What cannot be compared is for a person to look at, not a no.
    return None if left is None or right is None else _ORDER[op](left, right)


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _is_older(found: Any, value: Mapping[str, Any], moment: Moment | None) -> bool | None:
    if moment is None:
        return None
    limit = age_limit(found, value, moment.calendar, closing=moment.closing)
    try:
        return None if limit is None else moment.calendar.moment(moment.as_of) > limit
    except OverflowError:
        return None


def age_limit(
    since: Any, age: Mapping[str, Any], calendar: Calendar, *, closing: bool = False
) -> datetime | None:
    """The last moment at which what began `since` is not yet older than `age`; None if that is no date."""
    roll: Roll = "next" if closing else "none"
    try:
        start = since if isinstance(since, date) else day_or_moment(since)
        return due(start, Duration.from_data(dict(age)), calendar, roll=roll).due_at
    except (WorkingTimeError, OverflowError):
        return None

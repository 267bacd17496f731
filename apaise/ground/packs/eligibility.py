"""Which ways out of a dispute are open to a customer, since when and until when.

Three-valued: what is not known is "to check", for a person to look at, and never "not eligible".
Source: the block `adr_routes` of a pack (docs/policy-packs.md).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from apaise.lib.working_time import Calendar

from .pack import Pack
from .predicate import Facts, Leaf, Moment, Verdict, age_limit, evaluate

RESULTS: Final[Mapping[bool | None, str]] = {True: "eligible", False: "not_eligible", None: "to_check"}
_A_SECOND: Final = timedelta(seconds=1)
_JUST_AFTER: Final = timedelta(microseconds=1)
Predicate = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Route:
    """One way out, for one customer at one moment."""

    id: str
    terms: Mapping[str, Any]  # the route as the pack has it, to be read only
    result: str  # eligible, not_eligible, to_check
    stage: str  # open, not_yet, closed, never, unknown
    opens_on: date | None  # the first day on which it is open
    closes_on: date | None  # the last day of the customer's window
    because: tuple[Leaf, ...]  # the conditions that decided; those still unknown, to check

    @property
    def articles(self) -> list[str]:
        return list(self.terms.get("source", ()))

    @property
    def human_check(self) -> bool:
        """Nobody is told "too late" by a machine."""
        return self.result == "to_check" or self.stage == "closed"


def routes(pack: Pack, facts: Facts, as_of: date | datetime, calendar: Calendar | None = None) -> list[Route]:
    """Every route of the pack, in its order.

    as_of   a date is its 00:00 local
    facts   one that is absent is unknown; None is known not to exist"""
    days = calendar or pack.calendar
    as_of = days.moment(as_of)
    return [_route(terms, facts, as_of, days) for terms in pack.block("adr_routes") or ()]


def _route(terms: Mapping[str, Any], facts: Facts, as_of: datetime, calendar: Calendar) -> Route:
    opens_when, closes_when = terms.get("opens_when"), terms.get("closes_when")
    may = evaluate(terms.get("eligible_when"), facts, Moment(as_of, calendar))
    opened = evaluate(opens_when, facts, Moment(as_of, calendar))
    closed = evaluate(closes_when, facts, Moment(as_of, calendar, closing=True)) if closes_when else _NEVER
    stage, because = _stage(may, opened, closed)
    kept = (may.result, opened.result, None if closed.result is None else not closed.result)
    since, until = _turning(opens_when, facts, calendar), _turning(closes_when, facts, calendar, closing=True)
    return Route(
        id=terms["id"],
        terms=terms,
        result=RESULTS[False if False in kept else None if None in kept else True],
        stage=stage,
        # A limit counted in days ends at 23:59:59, so the next day is the first one; one of hours may open the same day.
        opens_on=None if since is None else _day(since + _A_SECOND, calendar),
        closes_on=None if until is None else _day(until, calendar),
        because=tuple(leaf for place, leaf in enumerate(because) if leaf not in because[:place]),
    )


_NEVER: Final = Verdict(False)


def _stage(may: Verdict, opened: Verdict, closed: Verdict) -> tuple[str, tuple[Leaf, ...]]:
    """Where the route stands, and the conditions that say so."""
    if may.result is False:
        return "never", may.because
    if closed.result is True:
        return "closed", closed.because
    if opened.result is False:
        return "not_yet", opened.because
    everything = (may, opened, closed)
    unknown = tuple(leaf for each in everything if each.result is None for leaf in each.because)
    if any(each.result is None for each in everything):
        return "unknown", unknown
    return "open", tuple(leaf for each in everything for leaf in each.because)


def _turning(
    predicate: Predicate, facts: Facts, calendar: Calendar, *, closing: bool = False
) -> datetime | None:
    """The last moment before the condition becomes true by the passing of time alone, if it ever does.

    Between two limits of age nothing changes, so it is enough to look just after each of them."""
    limits = sorted(set(_limits(predicate, facts, calendar, closing)))

    def holds(at: datetime) -> bool:
        return evaluate(predicate, facts, Moment(at, calendar, closing)).result is True

    if not limits or holds(limits[0]):
        return None  # it does not depend on time, or held before any limit: there is no first day
    try:
        return next((limit for limit in limits if holds(limit + _JUST_AFTER)), None)
    except OverflowError:
        return None


def _limits(predicate: Predicate, facts: Facts, calendar: Calendar, closing: bool) -> Iterator[datetime]:
    """When each age that the condition asks for is reached."""
    for key, value in (predicate or {}).items():
        if key in ("all", "any"):
            for part in value:
                yield from _limits(part, facts, calendar, closing)
        elif key == "not":
            yield from _limits(value, facts, calendar, closing)
        elif key in ("older_than", "younger_than"):
            since = facts.get((predicate or {})["fact"])
            if since is not None and (limit := age_limit(since, value, calendar, closing=closing)):
                yield limit


def _day(moment: datetime, calendar: Calendar) -> date | None:
    try:
        return moment.astimezone(calendar.zone).date()
    except OverflowError:
        return None

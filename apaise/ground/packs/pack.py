"""A policy pack, resolved: what a case is handled by, from its receipt to its end."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from apaise.lib.sayable import sayable
from apaise.lib.working_time import WEEKDAYS, BadTime, Calendar

from .deadline_rules import DeadlineRule
from .fast_lane import clocks_of_fast_lane
from .vocabulary import FUNCTIONS


@dataclass(frozen=True)
class Pack:
    """A resolved pack is its canonical JSON text: two packs with one digest are the same, and a case keeps it whole."""

    canonical: str

    @classmethod
    def from_dict(cls, resolved: Mapping[str, Any]) -> "Pack":
        return cls(json.dumps(resolved, sort_keys=True, ensure_ascii=False, separators=(",", ":")))

    def as_dict(self) -> dict[str, Any]:
        """A copy of its own, to store or to change."""
        found: dict[str, Any] = json.loads(self.canonical)
        return found

    @cached_property
    def digest(self) -> str:
        import hashlib

        return hashlib.sha256(self.canonical.encode()).hexdigest()

    @property
    def id(self) -> str:
        return str(self._data["id"])

    @property
    def version(self) -> str:
        return str(self._data["version"])

    @property
    def label(self) -> str:
        """`fr-consommation@2026.11.0`: how cases and the ledger name it."""
        return f"{self.id}@{self.version}"

    @property
    def name(self) -> Mapping[str, str]:
        """What people call it, in both languages."""
        return self._texts("label")

    def block(self, key: str) -> Any:
        """Any other block, such as `escalation` or `adr_routes`, None if the pack has none. To be read only."""
        return self._data.get(key)

    @cached_property
    def calendar(self) -> Calendar:
        return calendar_from_data(self._data.get("calendar"))

    def calendar_in(self, region: str | None) -> Calendar:
        """The calendar with the holidays of the organisation's region."""
        return self.calendar if region is None else self.calendar.in_region(region)

    @cached_property
    def deadlines(self) -> Mapping[str, DeadlineRule]:
        """By id, in the order of the pack; then those of its fast lane."""
        told = [*self._data["deadlines"], *clocks_of_fast_lane(self._data)]
        return MappingProxyType({each["id"]: DeadlineRule.from_data(each) for each in told})

    def deadline(self, deadline_id: str) -> DeadlineRule | None:
        """None for one the pack has disabled or never had."""
        return self.deadlines.get(deadline_id)

    @property
    def acknowledgement(self) -> Mapping[str, Any]:
        return MappingProxyType(self._data["acknowledgement"])

    @property
    def mandatory_mentions(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(self._data["mandatory_mentions"])

    def functions_named(self) -> frozenset[str]:
        """Every function this pack gives something to do; the organisation must map each to somebody."""
        return frozenset(_codes(self._data)) & FUNCTIONS.keys()

    @cached_property
    def _data(self) -> dict[str, Any]:
        return self.as_dict()

    def _texts(self, key: str) -> Mapping[str, str]:
        return MappingProxyType(self._data[key])


def _codes(node: Any) -> Iterator[str]:
    """Every code below a node: the keys and values that could name somebody."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from _codes(value)
    elif isinstance(node, list):
        for value in node:
            yield from _codes(value)


def calendar_from_data(data: Any) -> Calendar:
    """The calendar block of a pack. Raises BadTime for one that makes no sense."""
    hours, days = (data or {}).get("business_hours"), (data or {}).get("holidays")
    if not isinstance(hours, dict) or not isinstance(days, dict) or "timezone" not in data:
        raise BadTime(
            sayable("A pack needs a calendar with timezone, business_hours {start, end} and holidays {set}.")
        )
    return Calendar(
        str(data["timezone"]),
        str(days.get("set")),
        str(hours.get("start")),
        str(hours.get("end")),
        business_weekdays=_weekdays(data.get("business_days", WEEKDAYS[:5])),
        ouvrable_weekdays=_weekdays(data.get("ouvrable_days", WEEKDAYS[:6])),
    )


def _weekdays(names: Any) -> frozenset[int]:
    if not isinstance(names, list | tuple) or any(name not in WEEKDAYS for name in names):
        raise BadTime(sayable("Weekdays are written %(known)s.", known=", ".join(WEEKDAYS)))
    return frozenset(WEEKDAYS.index(name) for name in names)

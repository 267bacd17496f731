"""A pack that remembers the dates it has computed: a hundred thousand cases share a few thousand starting days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any

from apaise.ground.packs.deadline_rules import DeadlineRule
from apaise.ground.packs.pack import Pack
from apaise.lib.working_time import Calendar, Due, Pause


@dataclass(frozen=True)
class RememberingRule(DeadlineRule):
    """One deadline for very many cases. The calendar is always that of its pack, in some region."""

    known: dict[Any, Due] = field(default_factory=dict, compare=False, repr=False)

    def due(
        self, start: date | datetime, calendar: Calendar, *, criticality: str | None = None, channel: str | None = None,
        pauses: Sequence[Pause] = (), extended: bool = False, defer_until: date | datetime | None = None,
    ) -> Due:  # fmt: skip
        """As the rule itself. For the units that count days the hour of the start changes no due day."""
        duration = self.duration_for(criticality)
        channel = channel if channel in self.duration_by_channel else None
        begin = start if isinstance(start, datetime) and start.tzinfo else calendar.moment(start)
        to_the_second = duration.is_exact or channel is not None
        when = begin.astimezone(UTC) if to_the_second else begin.astimezone(calendar.zone).toordinal()
        key = (when, duration, calendar.region, channel, tuple(pauses), extended, defer_until)
        if key not in self.known:
            self.known[key] = super().due(
                start, calendar, criticality=criticality, channel=channel, pauses=pauses,
                extended=extended, defer_until=defer_until,
            )  # fmt: skip
        return self.known[key]


@dataclass(frozen=True)
class RememberingPack(Pack):
    """The same pack, with rules that remember."""

    @cached_property
    def deadlines(self) -> Mapping[str, DeadlineRule]:
        plain = Pack(self.canonical).deadlines
        return MappingProxyType({name: _remembering(rule) for name, rule in plain.items()})


def _remembering(rule: DeadlineRule) -> RememberingRule:
    return RememberingRule(**{each.name: getattr(rule, each.name) for each in fields(DeadlineRule)})

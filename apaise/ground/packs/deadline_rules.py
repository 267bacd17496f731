"""One deadline of a pack, and the due moment it gives for one case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from apaise.lib.working_time import Calendar, Due, Duration, Extension, Pause, Roll, due

from .predicate import Facts, Moment, Verdict, evaluate


class CriticalityNeeded(ValueError):
    """The deadline depends on the criticality, and none of its levels was given."""


@dataclass(frozen=True)
class DeadlineRule:
    """What we owe, or what the customer may do, and by when."""

    id: str
    label: Mapping[str, str]
    trigger: str  # the ledger word that starts it
    anchor: str | None  # the date it is counted from; None is the moment of the trigger
    duration: Duration | None
    duration_by_criticality: Mapping[str, Duration]
    duration_by_channel: Mapping[str, Duration]  # where one is given, the earlier of the two dates holds
    roll: Roll
    applies_when: Mapping[str, Any] | None
    stop_on: tuple[str, ...]
    pause_when: tuple[Mapping[str, str], ...]  # ledger words that open and close a pause; none = never pauses
    max_pause: Duration | None
    extension: Mapping[str, Any] | None
    repeat: bool
    owner: str
    warn_at: tuple[float, ...]  # fractions of the elapsed time
    on_breach: tuple[str, ...]
    penalties: tuple[Mapping[str, Any], ...]
    force: str
    source: tuple[str, ...]
    confidence: str
    customer_right: bool
    note: Mapping[str, str] | None

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "DeadlineRule":
        by_criticality, by_channel = (
            MappingProxyType({key: Duration.from_data(each) for key, each in (data.get(name) or {}).items()})
            for name in ("duration_by_criticality", "duration_by_channel")
        )
        return cls(
            id=data["id"],
            label=data["label"],
            trigger=data["trigger"],
            anchor=data.get("anchor"),
            duration=_duration(data.get("duration")),
            duration_by_criticality=by_criticality,
            duration_by_channel=by_channel,
            roll=data.get("roll", "none"),
            applies_when=data.get("applies_when"),
            stop_on=tuple(data.get("stop_on", ())),
            pause_when=tuple(data.get("pause_when", ())),
            max_pause=_duration(data.get("max_pause")),
            extension=data.get("extension"),
            repeat=data.get("repeat", False),
            owner=data["owner"],
            warn_at=tuple(data.get("warn_at", ())),
            on_breach=tuple(data.get("on_breach", ())),
            penalties=tuple(data.get("penalties", ())),
            force=data["force"],
            source=tuple(data["source"]),
            confidence=data["confidence"],
            customer_right=data.get("customer_right", False),
            note=data.get("note"),
        )

    def applies(self, facts: Facts, moment: Moment | None = None) -> Verdict:
        return evaluate(self.applies_when, facts, moment)

    def duration_for(self, criticality: str | None) -> Duration:
        """Raises CriticalityNeeded when the duration depends on a criticality that is not given."""
        if criticality is not None and criticality in self.duration_by_criticality:
            return self.duration_by_criticality[criticality]
        if self.duration is None:
            levels = ", ".join(self.duration_by_criticality)
            raise CriticalityNeeded(
                f"The deadline “{self.id}” depends on the criticality; give one of {levels}."
            )
        return self.duration

    def prolonged(self, *, extended: bool = False, defer_until: date | datetime | None = None) -> Extension:
        """What the pack's extension does. One that names no length changes nothing by itself."""
        terms = self.extension or {}
        return Extension(
            to=_duration(terms.get("to")) if extended else None,
            adds=_duration(terms.get("adds")) if extended else None,
            defer_until=defer_until if terms.get("kind") == "defer_until" else None,
        )

    def due(
        self,
        start: date | datetime,
        calendar: Calendar,
        *,
        criticality: str | None = None,
        channel: str | None = None,
        pauses: Sequence[Pause] = (),
        extended: bool = False,
        defer_until: date | datetime | None = None,
    ) -> Due:
        """When it is due, counted from `start`, the value of its anchor.

        Raises CriticalityNeeded, and what `apaise.lib.working_time.due` raises.
        """
        found = due(
            start,
            self.duration_for(criticality),
            calendar,
            roll=self.roll,
            pauses=pauses if self.pause_when else (),
            max_pause=self.max_pause,
            extension=self.prolonged(extended=extended, defer_until=defer_until),
        )
        if channel is None or channel not in self.duration_by_channel:
            return found
        sooner = due(start, self.duration_by_channel[channel], calendar, roll=self.roll)
        return min(found, sooner, key=lambda one: one.due_at)


def _duration(data: Any) -> Duration | None:
    return None if data is None else Duration.from_data(data)

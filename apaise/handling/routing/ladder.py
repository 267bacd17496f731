"""The levels of a pack, from the desk to the executive, and which of them a case has reached by what is known of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from apaise.ground.packs.pack import Pack
from apaise.ground.packs.predicate import Moment, evaluate
from apaise.intake.cases.facts import facts_of
from apaise.intake.cases.models import Case, Deadline
from apaise.lib.working_time import Duration, due


class Level(NamedTuple):
    """One step of the ladder."""

    number: int
    code: str  # the role or function that answers for the case there
    label: Mapping[str, str]
    enters_when: Mapping[str, Any]
    max_dwell: Duration | None
    powers: tuple[str, ...]
    handover: tuple[str, ...]  # what the hand-over note has to say

    def until(self, pack: Pack, since: datetime) -> datetime | None:
        """How long a case may stay on this level; None where the pack sets no limit."""
        return due(since, self.max_dwell, pack.calendar).due_at if self.max_dwell else None


def ladder(pack: Pack) -> tuple[Level, ...]:
    """The levels, lowest first; none in a pack without escalation."""
    steps = sorted(pack.block("escalation") or (), key=lambda step: int(step["level"]))
    return tuple(
        Level(
            int(step["level"]),
            step["role"],
            step["label"],
            step.get("enters_when") or {"always": True},
            Duration.from_data(step["max_dwell"]) if step.get("max_dwell") else None,
            tuple(step.get("powers") or ()),
            tuple(step.get("handover_required") or ()),
        )
        for step in steps
    )


def level_of(pack: Pack, number: int) -> Level | None:
    return next((step for step in ladder(pack) if step.number == number), None)


def enters(case: Case, level: Level, facts: Mapping[str, Any], at: datetime) -> bool | None:
    """Whether the case belongs on this level: true, false, or not known."""
    return evaluate(level.enters_when, facts, Moment(at, case.pack_version.pack.calendar)).result


def facts_at(case: Case, at: datetime) -> dict[str, Any]:
    """What the ladder may ask: the facts of the case, and how much of its time is used up."""
    facts = facts_of(case)
    facts.setdefault("case.final_reply_at", None)  # that no reply has left, we know
    clocks = {
        clock.rule: clock for clock in case.deadlines.filter(rule__in=["reply_target", "reply_hard_cap"])
    }
    if target := clocks.get("reply_target"):
        facts["case.reply_target_elapsed"] = _used(target, at)
    if cap := clocks.get("reply_hard_cap"):
        facts["case.reply_cap_breached"] = cap.state != Deadline.State.STOPPED and cap.due_at < at
    return facts


def _used(clock: Deadline, at: datetime) -> float:
    """The share of its time that is gone; nothing once it was stopped."""
    whole = clock.due_at - clock.start_at
    if clock.state == Deadline.State.STOPPED or whole <= timedelta(0):
        return 0.0
    return max(0.0, (at - clock.start_at) / whole)

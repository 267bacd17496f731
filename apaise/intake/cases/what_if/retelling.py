"""The clocks of one case, told again under a pack: what happened is taken from its ledger, what it means from the pack."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from apaise.ground.packs.deadline_rules import DeadlineRule
from apaise.ground.packs.models import PackVersion
from apaise.intake.cases.clockwork import applies, begin_with_mark, follow_one, key_of, reconsidered, when
from apaise.intake.cases.deadlines import NOT_OURS
from apaise.intake.cases.models import Case, Deadline

Starts = Callable[[DeadlineRule, str], bool]
KEPT, MISSED, RUNNING, RIGHT = "kept", "missed", "running", "right"


class Told(NamedTuple):
    """One clock of one case: when it is due, and what became of it. A right of the customer is neither kept nor missed."""

    rule: str
    due_at: datetime
    became: str


@dataclass(frozen=True)
class Happened:
    """What a ledger says of one case: the entries that count, and which clocks they started."""

    entries: Iterable[tuple[Any, bool]]
    started: set[str] | frozenset[str]
    together: bool = False


def told(
    case: Case, happened: Happened, version: PackVersion, starts: Starts, at: datetime
) -> dict[str, Told]:
    """The clocks of the case by this pack, as they stand at a moment. The case in hand is changed, the stored one is not."""
    frozen, level = case.pack_version_id, case.criticality  # the number alone: its content is large
    case.pack_version, case.criticality = version, ""
    clocks: dict[str, Deadline] = {}
    heard: dict[str, datetime] = {}
    for entry, own in happened.entries:
        if own and (set_to := entry.facts.get("criticality")):
            case.criticality = set_to
        follow_one(case, entry, clocks, {}, [], starts, together=happened.together, heard=heard)
        if "on" in entry.facts:
            heard[entry.what] = when(entry)
        if own:
            begin_with_mark(case, entry, clocks)
        if own and (clock := clocks.get(key_of(entry.facts.get("rule", ""), entry.facts))):
            reconsidered(clock, entry)
    case.pack_version_id, case.criticality = frozen, level
    return {key: Told(clock.rule, clock.due_at, _became(clock, at)) for key, clock in clocks.items()}


def _became(clock: Deadline, at: datetime) -> str:
    if clock.customer_right or clock.owner in NOT_OURS:
        return RIGHT
    if clock.stopped_at is not None:
        return KEPT if clock.was_kept else MISSED
    return MISSED if clock.state == Deadline.State.RUNNING and clock.due_at < at else RUNNING


def as_it_was(happened: Happened) -> Starts:
    """The clocks that started then start again, and no others."""
    return lambda _rule, key: key in happened.started


def under(
    case: Case, happened: Happened, before: PackVersion, known_of: dict[str, object] | None = None
) -> Starts:
    """By a changed pack. A rule that starts for the same reason as before started if it did; for any other the facts
    of today are asked, since nobody asked them then."""
    known = before.pack.deadlines

    def starts(rule: DeadlineRule, key: str) -> bool:
        old = known.get(rule.id)
        if old is not None and _reasons(old) == _reasons(rule):
            return key in happened.started
        return applies(case, rule, known_of)

    return starts


def _reasons(rule: DeadlineRule) -> tuple[Any, ...]:
    return rule.trigger, rule.applies_when, rule.stop_on


def asks_for_facts(before: PackVersion, after: PackVersion) -> bool:
    """Whether a rule starts for another reason than before, and under a condition."""
    known = before.pack.deadlines
    return any(
        rule.applies_when and (rule.id not in known or _reasons(known[rule.id]) != _reasons(rule))
        for rule in after.pack.deadlines.values()
    )

"""How one entry of the ledger moves the clocks of its case, as the frozen pack says. Nothing is stored here."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import Any

from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import Fact
from apaise.ground.packs.deadline_rules import DeadlineRule
from apaise.ground.packs.predicate import facts_asked
from apaise.intake.cases.facts import facts_of
from apaise.intake.cases.models import UNTIL_SET, Case, Deadline
from apaise.lib.working_time import Due, Pause

REDIRECTED = "case.redirected"
ENDS = ("case.closed", "case.withdrawn", "case.merged", REDIRECTED)
OF_A_PROMISE = ("commitment.made", "commitment.kept", "commitment.broken")
DOES_NOT_APPLY, APPLIES_NOW = "does_not_apply", "applies_now"
# What we say of a customer from a moment on. Other facts turn out to have been so all along.
MARKS = frozenset({"customer.vip"})
END_OF_DAY = time(23, 59, 59)
NOTHING: Mapping[str, datetime] = MappingProxyType({})


def key_of(rule: str, facts: Mapping[str, Any]) -> str:
    """What a clock is found by: one of each rule in a case, but one for each promise."""
    return f"{rule}/{facts['promise']}" if facts.get("promise") else rule


def follow_one(
    case: Case,
    entry: Entry,
    clocks: dict[str, Deadline],
    changed: dict[str, Deadline],
    told: list[Fact],
    applies: Callable[[DeadlineRule, str], bool],
    *,
    together: bool = False,
    heard: Mapping[str, datetime] = NOTHING,
) -> None:
    """Move the clocks for one entry.

    together   of cases that were merged, the customer's rights end last
    heard      when the facts told of this case happened: one may be told before what it ends or puts off has begun"""
    known, pack = list(clocks.values()), case.pack_version.pack
    for rule in pack.deadlines.values():
        if rule.trigger != entry.what:
            continue
        key = key_of(rule.id, entry.facts if rule.trigger == OF_A_PROMISE[0] else {})
        if key not in clocks and applies(rule, key):
            clocks[key] = changed[key] = started = _start(case, rule, entry, together=together)
            told.append(("deadline.started", said(started)))
            if word := _after_what_was_heard(case, started, rule, heard):
                told.append((word, said(started)))
        elif key in clocks and together and rule.customer_right:
            other = _start(case, rule, entry, together=True)
            if other.due_at > clocks[key].due_at:
                clocks[key] = changed[key] = other
    for clock in known:
        before = clock.extensions
        if (rule_ := pack.deadline(clock.rule)) and (word := _move(case, clock, rule_, entry)):
            changed[clock.key] = clock
            told.append((word, said(clock)))
        elif clock.extensions != before:
            changed[clock.key] = clock


def when(entry: Entry) -> datetime:
    """When what an entry says happened: the date told with it, else the moment of the entry."""
    on = entry.facts.get("on")
    return datetime.fromisoformat(on) if on else entry.at


def _after_what_was_heard(
    case: Case, clock: Deadline, rule: DeadlineRule, heard: Mapping[str, datetime]
) -> str | None:
    """A clock that begins after what ends it, or puts it off, was told."""
    waits = [heard[word] for word in _waits_for(rule) if word in heard]
    if waits:
        clock.deferred_to = min(waits)
        _set_due(case, clock, rule)
    ended = [
        (heard[word], word)
        for word in rule.stop_on
        if word in heard and not _is_from_before(case, heard[word], clock)
    ]
    if not ended:
        return None
    clock.state = Deadline.State.STOPPED
    clock.stopped_at, clock.stopped_by = min(ended)
    _set_due(case, clock, rule)
    return "deadline.stopped"


def _is_from_before(case: Case, at: datetime, clock: Deadline) -> bool:
    """Whether it happened on a day before the clock began: a refund made earlier pays nothing owed later."""
    zone = case.calendar.zone
    return at.astimezone(zone).date() < clock.start_at.astimezone(zone).date()


def _waits_for(rule: DeadlineRule) -> Sequence[str]:
    """The facts until the first of which the pack lets us wait."""
    terms = rule.extension or {}
    return terms.get("until_first_of", ()) if terms.get("kind") == "defer_until" else ()


def applies(case: Case, rule: DeadlineRule, told: dict[str, object] | None = None) -> bool:
    """Whether the rule may begin; `told` as of `facts_of`."""
    if not case.is_open and not rule.customer_right:
        return False  # what is told of an ended case begins no duty any more
    if rule.applies_when is None:
        return True  # most: nothing need be known of the case
    return rule.applies(facts_of(case, told)).result is not False


def reconsidered(clock: Deadline, entry: Entry) -> None:
    """It turned out that the rule does not apply, or does after all."""
    if entry.facts.get("why") == DOES_NOT_APPLY and entry.what == "deadline.stopped":
        clock.state, clock.stopped_at, clock.stopped_by = Deadline.State.STOPPED, entry.at, entry.what
    elif entry.facts.get("why") == APPLIES_NOW and clock.stopped_by == "deadline.stopped":
        clock.state, clock.stopped_at, clock.stopped_by = Deadline.State.RUNNING, None, ""


def marks_of(rule: DeadlineRule) -> list[str]:
    """The marks of a customer that this rule rests on."""
    return sorted(MARKS.intersection(facts_asked(rule.applies_when)))


def begin_with_mark(case: Case, entry: Entry, clocks: dict[str, Deadline]) -> None:
    """A clock that began because the customer was marked: it runs from the mark, not from what triggers the rule."""
    if entry.what != "deadline.started" or "since" not in entry.facts:
        return
    rule = case.pack_version.pack.deadline(entry.facts["rule"])
    known = clocks.get(entry.facts["rule"])
    if rule is None or (known and known.stopped_by != "deadline.stopped"):
        return
    clocks[rule.id] = started = _start(case, rule, entry)
    started.start_at = _at(entry.facts["since"])
    _set_due(case, started, rule)


def _start(case: Case, rule: DeadlineRule, entry: Entry, *, together: bool = False) -> Deadline:
    right_of_its_own = together and rule.customer_right
    clock = Deadline(
        case=case,
        rule=rule.id,
        owner=rule.owner,
        customer_right=rule.customer_right,
        start_at=entry.at if right_of_its_own else _anchor(case, rule, when(entry)),
        level=case.criticality or UNTIL_SET,
    )
    if promise := entry.facts.get("promise"):
        clock.promise_id, clock.start_at = promise, entry.at
        clock.due_at = _promised(case, rule, entry)
    else:
        _set_due(case, clock, rule)
    return clock


def _promised(case: Case, rule: DeadlineRule, entry: Entry) -> datetime:
    """By when a promise is to be kept: the moment that was said, or the end of its day."""
    calendar, day = case.calendar, date.fromisoformat(entry.facts["due_on"])
    said_at = entry.facts.get("due_at")
    last = datetime.fromisoformat(said_at) if said_at else datetime.combine(day, END_OF_DAY, calendar.zone)
    return min(rule.due(day, calendar).due_at, last).astimezone(UTC)


def _anchor(case: Case, rule: DeadlineRule, at: datetime) -> datetime:
    dates = {
        "case.received_at": case.received_at,
        "case.sent_at": case.sent_at,
        "case.written_complaint_at": case.written_complaint_at,
    }
    return dates.get(rule.anchor or "") or at


def _move(case: Case, clock: Deadline, rule: DeadlineRule, entry: Entry) -> str | None:
    """Change one clock for one entry. Returns the ledger word for what changed, or None."""
    word = (
        _stopping(case, clock, rule, entry)
        or _pausing(clock, rule, entry)
        or _deferring(clock, rule, entry)
        or _resetting(case, clock, rule, entry)
    )
    if word:
        _set_due(case, clock, rule)
    return word


def _stopping(case: Case, clock: Deadline, rule: DeadlineRule, entry: Entry) -> str | None:
    if clock.state == Deadline.State.STOPPED:
        if clock.stopped_by != REDIRECTED:
            return None
        if entry.what == "case.reopened":
            # It was a complaint after all: the clock runs as if it had never stopped.
            clock.state, clock.stopped_at, clock.stopped_by = Deadline.State.RUNNING, None, ""
            return "deadline.resumed"
        # … and what is done meanwhile counts: an acknowledgement that was still on its way is no longer owed.
        if entry.what not in rule.stop_on:
            return None
    if entry.what in OF_A_PROMISE and entry.facts.get("promise") != clock.promise_id:
        return None
    if "on" in entry.facts and _is_from_before(case, when(entry), clock):
        return None
    if entry.what in rule.stop_on or (entry.what in ENDS and not clock.customer_right):
        clock.state, clock.stopped_at, clock.stopped_by = Deadline.State.STOPPED, when(entry), entry.what
        return "deadline.stopped"
    return None


def _pausing(clock: Deadline, rule: DeadlineRule, entry: Entry) -> str | None:
    if clock.state == Deadline.State.RUNNING and any(
        entry.what == pause["open"] for pause in rule.pause_when
    ):
        clock.pauses = [*clock.pauses, {"from": entry.at.isoformat(), "to": None}]
        clock.state = Deadline.State.PAUSED
        return "deadline.paused"
    if clock.state == Deadline.State.PAUSED and any(
        entry.what == pause["close"] for pause in rule.pause_when
    ):
        clock.pauses = [*clock.pauses[:-1], {**clock.pauses[-1], "to": entry.at.isoformat()}]
        clock.state = Deadline.State.RUNNING
        return "deadline.resumed"
    return None


def _deferring(clock: Deadline, rule: DeadlineRule, entry: Entry) -> str | None:
    if entry.what not in _waits_for(rule) or entry.facts.get("collect"):
        return None
    first = min(when(entry), clock.deferred_to or when(entry))
    if first == clock.deferred_to:
        return None
    clock.deferred_to = first
    return "deadline.changed"


def _resetting(case: Case, clock: Deadline, rule: DeadlineRule, entry: Entry) -> str | None:
    if _is_extension(entry, clock.rule):
        clock.extended_to, clock.extensions = datetime.fromisoformat(entry.facts["due"]), clock.extensions + 1
        clock.missed_at = None
        _set_due(case, clock, rule)
        return None  # the entry itself already says so
    if entry.what == "case.reopened" and clock.rule in ("reply_target", "progress_update"):
        return _again(clock, entry.at)
    if rule.repeat and entry.what == "message.sent" and entry.by.startswith("staff:"):
        if clock.state != Deadline.State.STOPPED:
            return _again(clock, entry.at)
        if clock.stopped_by == REDIRECTED:  # counted from here, if the case comes back
            clock.start_at = entry.at
            return "deadline.changed"
    level = entry.facts.get("criticality")
    if level and clock.state != Deadline.State.STOPPED and _is_sooner(case, clock, rule, level):
        # A criticality may bring a date forward; it never moves back what the customer was told.
        clock.level = level
        return "deadline.changed"
    return None


def _is_extension(entry: Entry, rule: str) -> bool:
    # The same word tells of other changes too; those follow by themselves from what they followed from.
    facts = entry.facts
    return entry.what == "deadline.changed" and facts.get("rule") == rule and facts.get("why") == "extension"


def _again(clock: Deadline, at: datetime) -> str:
    clock.start_at, clock.state, clock.pauses, clock.extended_to = at, Deadline.State.RUNNING, [], None
    clock.missed_at, clock.stopped_at, clock.stopped_by, clock.near_told = None, None, "", 0
    return "deadline.changed"


def _is_sooner(case: Case, clock: Deadline, rule: DeadlineRule, level: str) -> bool:
    if level == clock.level or level not in rule.duration_by_criticality:
        return False
    return computed(case, clock, rule, level=level).due_at < computed(case, clock, rule).due_at


def computed(case: Case, clock: Deadline, rule: DeadlineRule, *, level: str = "") -> Due:
    """The date by the engine, before any extension told to the customer; its explanation accounts for every minute."""
    pauses = [Pause(_at(pause["from"]), _at(pause["to"]) if pause["to"] else None) for pause in clock.pauses]
    return rule.due(
        clock.start_at,
        case.calendar,
        criticality=level or clock.level,
        channel=case.channel,
        pauses=_closed(pauses),
        defer_until=clock.deferred_to,
    )


def _closed(pauses: Sequence[Pause]) -> list[Pause]:
    # While a pause is open its end is not known: the date shown is the one without it, and the clock says suspended.
    return [pause for pause in pauses if pause.end is not None]


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _set_due(case: Case, clock: Deadline, rule: DeadlineRule) -> None:
    if clock.promise_id:
        return  # what was promised does not move
    due_at = computed(case, clock, rule).due_at.astimezone(UTC)
    clock.due_at = max(due_at, clock.extended_to) if clock.extended_to else due_at
    span = clock.due_at - clock.start_at
    fractions = rule.warn_at[clock.near_told :]
    clock.warn_next_at = clock.start_at + span * fractions[0] if fractions and fractions[0] < 1 else None
    if clock.state == Deadline.State.PAUSED:
        clock.warn_next_at = _pause_used_up_at(case, clock, rule)


def _pause_used_up_at(case: Case, clock: Deadline, rule: DeadlineRule) -> datetime | None:
    """When the clock is due however long the pause goes on; None if the policy lets it stand still without limit."""
    if rule.max_pause is None:
        return None
    pauses = [Pause(_at(pause["from"]), _at(pause["to"]) if pause["to"] else None) for pause in clock.pauses]
    found = rule.due(
        clock.start_at, case.calendar, criticality=clock.level, channel=case.channel, pauses=pauses
    )
    latest = found.due_at.astimezone(UTC)
    return max(latest, clock.extended_to) if clock.extended_to else latest


def said(clock: Deadline) -> dict[str, Any]:
    said_ = {"rule": clock.rule, "due": clock.due_at, "owner": clock.owner, "level": clock.level}
    return {**said_, "promise": clock.promise_id} if clock.promise_id else said_

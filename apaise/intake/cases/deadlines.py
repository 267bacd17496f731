"""The clocks of a case. They follow from its ledger and its frozen pack alone: replaying both gives the same dates."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import Fact, System, record_all
from apaise.ground.packs.deadline_rules import DeadlineRule
from apaise.ground.packs.load import load_shipped_packs
from apaise.ground.packs.pack import Pack
from apaise.intake.cases.facts import facts_of
from apaise.intake.cases.models import OPEN, Case, Deadline
from apaise.lib.working_time import Due, Pause

BY = System("deadlines")
UNTIL_SET = "C3"  # the criticality that counts before a person has set one
REDIRECTED = "case.redirected"
ENDS = ("case.closed", "case.withdrawn", "case.merged", REDIRECTED)
NOT_OURS = ("external_mediator", "regulator")
# Words no room writes yet: a deadline that only they could stop would run for ever, so it is not started.
NOT_WRITTEN_YET = frozenset({"service_notice.sent", "capa.plan_approved"})
_PER_PROMISE = "commitment.made"  # each promise is a deadline of its own kind, not one per case


def follow(case: Case, entries: Sequence[Entry]) -> None:
    """Start, stop, pause, resume or move the clocks of this case, as its pack says for these ledger words.

    entries   the last of the case, just written in this transaction"""
    pack = case.pack_version.pack
    concerning = [entry for entry in entries if _concerns(pack, entry)]
    if not concerning:
        return
    told: list[Fact] = []
    is_new = entries[0].seq == 1  # a case that was not there before has no clocks to fetch
    clocks = {} if is_new else {clock.rule: clock for clock in case.deadlines.all()}
    changed: dict[str, Deadline] = {}
    for entry in concerning:
        _follow_one(case, entry, clocks, changed, told, lambda rule: _applies(case, rule))
    _store(changed.values())
    if told:
        record_all(case, told, by=BY, at=concerning[-1].at, after=entries[-1])
    _put_next_on_case(case, clocks.values())


def _follow_one(
    case: Case,
    entry: Entry,
    clocks: dict[str, Deadline],
    changed: dict[str, Deadline],
    told: list[Fact],
    applies: Callable[[DeadlineRule], bool],
) -> None:
    known, pack = list(clocks.values()), case.pack_version.pack
    for rule in pack.deadlines.values():
        triggered = rule.trigger == entry.what and entry.what != _PER_PROMISE and rule.id not in clocks
        if triggered and applies(rule):
            clocks[rule.id] = changed[rule.id] = started = _start(case, rule, entry.at)
            told.append(("deadline.started", _said(started)))
    for clock in known:
        before = clock.extensions
        if (rule_ := pack.deadline(clock.rule)) and (word := _move(case, clock, rule_, entry)):
            changed[clock.rule] = clock
            told.append((word, _said(clock)))
        elif clock.extensions != before:
            changed[clock.rule] = clock


def _store(clocks: Iterable[Deadline]) -> None:
    new = [clock for clock in clocks if clock.pk is None]
    for clock in clocks:
        if clock.pk is not None:
            clock.save()
    Deadline.objects.bulk_create(new)


def _concerns(pack: Pack, entry: Entry) -> bool:
    words = _WORDS.get(pack.digest)
    if words is None:
        words = {*ENDS, "case.reopened", "deadline.changed"}
        for rule in pack.deadlines.values():
            words |= {
                rule.trigger,
                *rule.stop_on,
                *(word for pause in rule.pause_when for word in pause.values()),
            }
            words |= {"message.sent"} if rule.repeat else set()
        _WORDS[pack.digest] = words
    return entry.what in words or "criticality" in entry.facts


_WORDS: dict[str, set[str]] = {}


def _applies(case: Case, rule: DeadlineRule) -> bool:
    if rule.stop_on and NOT_WRITTEN_YET.issuperset(rule.stop_on):
        return False
    return rule.applies(facts_of(case)).result is not False


def _start(case: Case, rule: DeadlineRule, at: datetime) -> Deadline:
    clock = Deadline(
        case=case,
        rule=rule.id,
        owner=rule.owner,
        customer_right=rule.customer_right,
        start_at=_anchor(case, rule, at),
        level=case.criticality or UNTIL_SET,
    )
    _set_due(case, clock, rule)
    return clock


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
        _stopping(clock, rule, entry) or _pausing(clock, rule, entry) or _resetting(case, clock, rule, entry)
    )
    if word:
        _set_due(case, clock, rule)
    return word


def _stopping(clock: Deadline, rule: DeadlineRule, entry: Entry) -> str | None:
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
    if entry.what in rule.stop_on or (entry.what in ENDS and not clock.customer_right):
        clock.state, clock.stopped_at, clock.stopped_by = Deadline.State.STOPPED, entry.at, entry.what
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
        case.pack_version.pack.calendar,
        criticality=level or clock.level,
        pauses=_closed(pauses),
    )


def _closed(pauses: Sequence[Pause]) -> list[Pause]:
    # While a pause is open its end is not known: the date shown is the one without it, and the clock says suspended.
    return [pause for pause in pauses if pause.end is not None]


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _set_due(case: Case, clock: Deadline, rule: DeadlineRule) -> None:
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
    found = rule.due(clock.start_at, case.pack_version.pack.calendar, criticality=clock.level, pauses=pauses)
    latest = found.due_at.astimezone(UTC)
    return max(latest, clock.extended_to) if clock.extended_to else latest


def _said(clock: Deadline) -> dict[str, Any]:
    return {"rule": clock.rule, "due": clock.due_at, "owner": clock.owner, "level": clock.level}


def _put_next_on_case(case: Case, clocks: Iterable[Deadline]) -> None:
    running = [
        clock for clock in clocks if clock.state == Deadline.State.RUNNING and not clock.customer_right
    ]
    ours = [clock for clock in running if clock.owner not in NOT_OURS]
    first = min(ours, key=lambda clock: (clock.due_at, clock.rule), default=None)
    due_at, rule = (first.due_at, first.rule) if first else (None, "")
    if (case.next_due_at, case.next_due_rule) != (due_at, rule):
        case.keep(next_due_at=due_at, next_due_rule=rule)


# --- time passes ----------------------------------------------------------------------------------------


def sweep(now: datetime) -> int:
    """Record every deadline of ours that is near or missed and was not told yet. Returns how many."""
    running = Q(state=Deadline.State.RUNNING) & (Q(due_at__lt=now, missed_at=None) | Q(warn_next_at__lte=now))
    stood_still_too_long = Q(state=Deadline.State.PAUSED, missed_at=None, warn_next_at__lt=now)
    ours = Deadline.objects.filter(customer_right=False, case__state__in=OPEN).exclude(owner__in=NOT_OURS)
    due = ours.filter(running | stood_still_too_long).select_related("case__pack_version")
    told = 0
    for clock in due.defer("case__pack_version__content").order_by("due_at")[:500]:
        with transaction.atomic():
            clock.case.hold()
            told += _tell_missed(clock, now) if _is_missed(clock, now) else _tell_near(clock, now)
    return told


def _is_missed(clock: Deadline, now: datetime) -> bool:
    return clock.missed_at is None and (clock.state == Deadline.State.PAUSED or clock.due_at < now)


def _tell_missed(clock: Deadline, now: datetime) -> int:
    said = _said(clock)
    if clock.state == Deadline.State.PAUSED:
        said["due"] = clock.warn_next_at
    same = Deadline.objects.filter(pk=clock.pk, missed_at=None, state=clock.state, due_at=clock.due_at)
    if not same.update(missed_at=now, warn_next_at=None):
        return 0
    record_all(clock.case, [("deadline.missed", said)], by=BY, at=now)
    return 1


def _tell_near(clock: Deadline, now: datetime) -> int:
    rule = clock.case.pack_version.pack.deadline(clock.rule)
    if rule is None:
        return 0
    span, told = clock.due_at - clock.start_at, clock.near_told
    passed = [fraction for fraction in rule.warn_at if clock.start_at + span * fraction <= now]
    later = [fraction for fraction in rule.warn_at if fraction not in passed and fraction < 1]
    next_at = clock.start_at + span * later[0] if later else None
    same = Deadline.objects.filter(
        pk=clock.pk, near_told=told, state=Deadline.State.RUNNING, due_at=clock.due_at
    )
    if not same.update(near_told=len(passed), warn_next_at=next_at) or len(passed) <= told:
        return 0
    record_all(
        clock.case, [("deadline.near", {**_said(clock), "percent": _percent(passed[-1])})], by=BY, at=now
    )
    return 1


def _percent(fraction: float) -> int:
    return round(100 * fraction)


# --- reading --------------------------------------------------------------------------------------------


def rebuild(case: Case) -> None:
    """Compute every clock again from the ledger: the same dates to the second, or something was tampered with."""
    entries = list(Entry.objects.of(case.reference))
    started = {entry.facts["rule"] for entry in entries if entry.what == "deadline.started"}
    clocks: dict[str, Deadline] = {}
    with transaction.atomic():
        case.hold()
        level, case.criticality = case.criticality, ""
        for entry in entries:
            case.criticality = entry.facts.get("criticality", case.criticality)
            _follow_one(case, entry, clocks, {}, [], lambda rule: rule.id in started)
            if clock := clocks.get(entry.facts.get("rule", "")):
                _was_told(clock, entry, case.pack_version.pack.deadlines[clock.rule])
        case.criticality = level
        case.deadlines.all().delete()
        _store(clocks.values())
        _put_next_on_case(case, clocks.values())


def _was_told(clock: Deadline, entry: Entry, rule: DeadlineRule) -> None:
    """What the sweep recorded, so that it is not told a second time."""
    if entry.what == "deadline.missed":
        clock.missed_at, clock.warn_next_at = entry.at, None
    elif entry.what == "deadline.near":
        clock.near_told = sum(_percent(fraction) <= entry.facts["percent"] for fraction in rule.warn_at)
        span, later = clock.due_at - clock.start_at, rule.warn_at[clock.near_told :]
        clock.warn_next_at = clock.start_at + span * later[0] if later and later[0] < 1 else None


def nearest(clocks: Iterable[Deadline], most: int) -> list[Deadline]:
    """The clocks to show first: running before suspended, nearest first."""
    return sorted(clocks, key=lambda clock: (clock.state != Deadline.State.RUNNING, clock.due_at))[:most]


def window_end(case: Case, rule: str) -> datetime | None:
    """Until when a right of the customer lasts."""
    clock = case.deadlines.filter(rule=rule).first()
    return clock.due_at if clock else None


def label(rule: str) -> str:
    """The short name of a deadline, for lists and clocks."""
    short = {
        "ack": _("Acknowledgement"),
        "first_contact": _("First contact"),
        "reply_target": _("Reply"),
        "progress_update": _("Progress update"),
        "reply_hard_cap": _("Reply at the latest"),
        "mediator_window": _("End of the mediator's window"),
        "psp_reply": _("Reply"),
        "final_response": _("Final response"),
    }
    return short.get(rule) or _long_label(rule)


def _long_label(rule: str) -> str:
    found = (pack.deadline(rule) for pack in load_shipped_packs().values())
    text = next((known.label for known in found if known), None)
    return text["en" if get_language() == "en" else "fr"] if text else rule


def explain(clock: Deadline) -> list[Any]:
    """Why this date: the spans from start to end, each with its reason."""
    rule = clock.case.pack_version.pack.deadline(clock.rule)
    return list(computed(clock.case, clock, rule).explanation()) if rule else []

"""The clocks of a case. They follow from its ledger and its frozen pack alone: replaying both gives the same dates."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import Actor, Fact, System, record_all
from apaise.ground.packs.deadline_rules import DeadlineRule
from apaise.ground.packs.load import load_shipped_packs
from apaise.ground.packs.pack import Pack
from apaise.intake.cases.clockwork import (
    APPLIES_NOW,
    DOES_NOT_APPLY,
    ENDS,
    applies,
    begin_with_mark,
    computed,
    follow_one,
    key_of,
    marks_of,
    reconsidered,
    said,
    when,
)
from apaise.intake.cases.facts import facts_of
from apaise.intake.cases.happening import Happening
from apaise.intake.cases.models import OPEN, Case, Deadline
from apaise.intake.cases.replay import counted
from apaise.lib.rows import insert_all

BY = System("deadlines")
NOT_OURS = ("external_mediator", "regulator")


def follow(case: Case, entries: Sequence[Entry]) -> list[Fact]:
    """Start, stop, pause, resume or move the clocks of this case, as its pack says for these ledger words.

    entries   the last of the case, being written in this transaction. Returns what is to be written after them."""
    pack = case.pack_version.pack
    concerning = [entry for entry in entries if _concerns(pack, entry)]
    if not concerning:
        return []
    told: list[Fact] = []
    is_new = entries[0].seq == 1  # a case that was not there before has no clocks to fetch
    clocks = {} if is_new else {clock.key: clock for clock in case.deadlines.all()}
    changed: dict[str, Deadline] = {}
    heard = {} if is_new else _heard(case)
    for entry in concerning:
        if entry.facts.get("again"):
            continue  # a fact told anew: all is counted again
        follow_one(case, entry, clocks, changed, told, lambda rule, _key: applies(case, rule), heard=heard)
    _store(changed.values())
    _put_next_on_case(case, clocks.values())
    return told


def _heard(case: Case) -> dict[str, datetime]:
    """When the facts told of this case happened."""
    told = Happening.objects.filter(case=case, replaced_at=None)
    return dict(told.values_list("word", "on_at"))


def _store(clocks: Iterable[Deadline]) -> None:
    new = [clock for clock in clocks if clock.pk is None]
    for clock in clocks:
        if clock.pk is not None:
            clock.save()
    insert_all(new)


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
            words |= set((rule.extension or {}).get("until_first_of", ()))
        _WORDS[pack.digest] = words
    return entry.what in words or "criticality" in entry.facts


_WORDS: dict[str, set[str]] = {}


def _put_next_on_case(case: Case, clocks: Iterable[Deadline]) -> None:
    running = [
        clock for clock in clocks if clock.state == Deadline.State.RUNNING and not clock.customer_right
    ]
    ours = [clock for clock in running if clock.owner not in NOT_OURS]
    first = min(ours, key=lambda clock: (clock.due_at, clock.rule), default=None)
    due_at, rule = (first.due_at, first.rule) if first else (None, "")
    if (case.next_due_at, case.next_due_rule) != (due_at, rule):
        case.keep(next_due_at=due_at, next_due_rule=rule)


# --- all over again -------------------------------------------------------------------------------------


def rebuild(case: Case) -> None:
    """Compute every clock again from the ledger: the same dates to the second, or something was tampered with."""
    history = counted(case.reference)
    clocks: dict[str, Deadline] = {}
    heard: dict[str, datetime] = {}
    with transaction.atomic():
        case.hold()
        level, case.criticality = case.criticality, ""
        for entry, own in history.entries:
            case.criticality = entry.facts.get("criticality", case.criticality) if own else case.criticality
            follow_one(
                case,
                entry,
                clocks,
                {},
                [],
                lambda _rule, key: key in history.started,
                together=history.together,
                heard=heard,
            )
            if "on" in entry.facts:
                heard[entry.what] = when(entry)
            if own:
                begin_with_mark(case, entry, clocks)
            if own and (clock := clocks.get(key_of(entry.facts.get("rule", ""), entry.facts))):
                _was_told(clock, entry, case.pack_version.pack.deadlines[clock.rule])
                reconsidered(clock, entry)
        case.criticality = level
        case.deadlines.all().delete()
        _store(clocks.values())
        _put_next_on_case(case, clocks.values())


def reconsider(case: Case, *, at: datetime, since: datetime | None = None) -> int:
    """Start the clocks whose condition has turned out to hold, or may; stop those for which it certainly does not.

    since   when the customer was marked: a clock that rests on a mark runs from there, and not for what is done already

    To be called when what is known of the case has changed. Harmless to repeat. Returns how many clocks changed."""
    with transaction.atomic():
        case.hold()
        clocks = {clock.rule: clock for clock in case.deadlines.all()}
        facts = facts_of(case)
        last = dict(Entry.objects.of(case.reference).order_by().values_list("what").annotate(last=Max("at")))
        told = [
            word
            for rule in case.pack_version.pack.deadlines.values()
            if rule.applies_when is not None
            and (word := _reconsidered(case, rule, clocks.get(rule.id), facts, last, since or at))
        ]
        if told:
            record_all(case, told, by=BY, at=at)
            rebuild(case)
    return len(told)


def _reconsidered(
    case: Case, rule: DeadlineRule, clock: Deadline | None, facts: dict[str, object], last: dict[str, datetime],
    since: datetime,
) -> Fact | None:  # fmt: skip
    """What is to be written of this rule now; `last` says when each word of the ledger was last written."""
    holds = rule.applies(facts).result is not False
    if clock and not holds:
        stops = clock.state != Deadline.State.STOPPED
        return ("deadline.stopped", {**said(clock), "why": DOES_NOT_APPLY}) if stops else None
    if not holds or (clock and (clock.stopped_by != "deadline.stopped" or case.final_reply_at)):
        return None
    begun: Fact = ("deadline.started", {"rule": rule.id, "owner": rule.owner, "why": APPLIES_NOW})
    may_begin = rule.trigger in last and applies(case, rule)
    if marks := marks_of(rule):
        is_done = any(word in last for word in rule.stop_on)
        begun[1].update(since=since, fact=marks[0])
        return begun if may_begin and not is_done else None
    if clock is None:
        return begun if may_begin else None
    done_meanwhile = any(word in last and last[word] >= clock.start_at for word in rule.stop_on)
    return None if done_meanwhile else ("deadline.resumed", {**said(clock), "why": APPLIES_NOW})


def _was_told(clock: Deadline, entry: Entry, rule: DeadlineRule) -> None:
    """What the sweep recorded, so that it is not told a second time; told of another date, it does not count."""
    facts = entry.facts
    if entry.what not in ("deadline.missed", "deadline.near"):
        return
    about = datetime.fromisoformat(facts["due"])
    if about not in (clock.due_at, clock.warn_next_at):
        return
    if entry.what == "deadline.missed":
        clock.missed_at, clock.warn_next_at = entry.at, None
    else:
        clock.near_told = sum(_percent(fraction) <= facts["percent"] for fraction in rule.warn_at)
        span, later = clock.due_at - clock.start_at, rule.warn_at[clock.near_told :]
        clock.warn_next_at = clock.start_at + span * later[0] if later and later[0] < 1 else None


def count_again(case: Case, *, by: Actor, at: datetime, why: str = "merge") -> None:
    """Rebuild after cases were merged or taken apart, or a date was corrected, and tell the ledger what is different."""
    before = {clock.key: clock for clock in case.deadlines.all()}
    rebuild(case)
    after = {clock.key: clock for clock in case.deadlines.all()}
    told: list[Fact] = [("deadline.started", said(after[key])) for key in after if key not in before]
    told += [("deadline.stopped", said(before[key])) for key in before if key not in after]
    for key in before.keys() & after.keys():
        if word := _difference(before[key], after[key]):
            told.append((word, said(after[key])))
    told.sort(key=lambda fact: (fact[1]["rule"], fact[1].get("promise", 0)))
    if told:
        record_all(case, [(word, {**facts, "why": why}) for word, facts in told], by=by, at=at)


def _difference(before: Deadline, after: Deadline) -> str | None:
    if before.state != after.state:
        words = {"stopped": "deadline.stopped", "paused": "deadline.paused", "running": "deadline.resumed"}
        return words[after.state]
    return "deadline.changed" if before.due_at != after.due_at else None


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
    facts = said(clock)
    if clock.state == Deadline.State.PAUSED:
        facts["due"] = clock.warn_next_at
    same = Deadline.objects.filter(pk=clock.pk, missed_at=None, state=clock.state, due_at=clock.due_at)
    if not same.update(missed_at=now, warn_next_at=None):
        return 0
    record_all(clock.case, [("deadline.missed", facts)], by=BY, at=now)
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
        clock.case, [("deadline.near", {**said(clock), "percent": _percent(passed[-1])})], by=BY, at=now
    )
    return 1


def _percent(fraction: float) -> int:
    return round(100 * fraction)


# --- reading --------------------------------------------------------------------------------------------


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
        "commitment_due": _("Promise"),
        "final_response": _("Final response"),
    }
    return short.get(rule) or _long_label(rule)


def _long_label(rule: str) -> str:
    found = (pack.deadline(rule) for pack in load_shipped_packs().values())
    text = next((known.label for known in found if known), None)
    return text["en" if get_language() == "en" else "fr"] if text else rule


def explain(clock: Deadline) -> list[Any]:
    """Why this date: the spans from start to end, each with its reason."""
    rule = None if clock.promise_id else clock.case.pack_version.pack.deadline(clock.rule)
    return list(computed(clock.case, clock, rule).explanation()) if rule else []

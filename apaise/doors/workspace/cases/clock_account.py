"""One clock in words: when it began and why, what counted and what did not, who moved it, and by which rule."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from apaise.doors.workspace.cases.page import clock_of
from apaise.ground.accounts.models import User
from apaise.ground.accounts.naming import named
from apaise.ground.packs.deadline_rules import DeadlineRule
from apaise.intake.cases import deadlines, postponement
from apaise.intake.cases.clockwork import marks_of
from apaise.intake.cases.event_names import (
    CONFIDENCE_NAMES,
    FORCE_NAMES,
    event_name,
    length_words,
)
from apaise.intake.cases.extension import OUTSIDE, latest, must_tell
from apaise.intake.cases.models import Case, Deadline
from apaise.intake.cases.owed import CLAIMED, added_by_law, days_late, law_adds, sum_of
from apaise.lib import saying
from apaise.lib.working_time import NAMES as HOLIDAYS

REASONS = {
    "trigger_day": gettext_lazy("The day it began is day 0"),
    "worked": gettext_lazy("Working time"),
    "calendar": gettext_lazy("Every day counts"),
    "weekend": gettext_lazy("Weekend"),
    "holiday": gettext_lazy("Public holiday"),
    "closed": gettext_lazy("Outside opening hours"),
    "paused": gettext_lazy("Suspended: we wait for the customer"),
    "rolled": gettext_lazy("Moved, because the last day is not a working day"),
    "defer_until": gettext_lazy("We may wait for the goods, or for the proof that they were sent"),
}


def account(case: Case, one: Deadline, user: User, now: datetime) -> dict[str, Any]:
    """Everything the page says of one clock."""
    rule = case.pack_version.pack.deadline(one.rule)
    shown = {
        **clock_of(one, now),
        "owner": named(one.owner),
        "started": None if rule is None else _began(case, one, rule),
        "spans": [_span(each) for each in deadlines.explain(one)],
        "ended": _ended(case, one, now),
        "extended": one.extended_to if one.extended_to == one.due_at else None,
        "suspended": one.state == Deadline.State.PAUSED,
        "promise": one.promise,
    }
    return {**shown, **(_rule(case, one, rule, user, now) if rule else {})}


def _began(case: Case, one: Deadline, rule: DeadlineRule) -> str:
    """What it began with; a mark that came later counts from the mark."""
    if marks_of(rule) and one.start_at > case.received_at:
        return _("The customer was marked VIP")
    return event_name(rule.trigger)


def _rule(case: Case, one: Deadline, rule: DeadlineRule, user: User, now: datetime) -> dict[str, Any]:
    """What its rule says: which, how sure we are of it, what stops it, what may move it, what lateness costs."""
    language = get_language() or "fr"
    sources = case.pack_version.pack.block("sources") or {}
    allowed = postponement.prolong_refusal(user, one, rule) is None
    return {
        "label": rule.label[language if language in rule.label else "fr"],
        "length": _length(one, rule),
        "stops": [event_name(word) for word in rule.stop_on],
        "pauses": bool(rule.pause_when),
        "most": rule.max_pause,
        "force": str(FORCE_NAMES.get(rule.force, rule.force)),
        "confidence": str(CONFIDENCE_NAMES.get(rule.confidence, rule.confidence)),
        "unsure": rule.confidence in ("memory", "secondary"),
        "sources": [_source(sources.get(key), key, language) for key in rule.source],
        "note": rule.note and rule.note.get(language, rule.note.get("fr")),
        "may_prolong": allowed,
        "outside": OUTSIDE in (rule.extension or {}).get("by", ()),
        "latest": latest(case, one, rule) if allowed else None,
        "told": must_tell(rule),
        "reason": ((rule.extension or {}).get("reason") or {}).get(case.language, ""),
        **_penalty(case, one, rule, now),
    }


def _penalty(case: Case, one: Deadline, rule: DeadlineRule, now: datetime) -> dict[str, Any]:
    """What lateness costs so far, and whose word the sum is."""
    late = days_late(case, one, now)
    if not law_adds(rule) or not late:
        return {"penalised": False, "days_late": late}
    owed = sum_of(case, rule)
    return {
        "penalised": True,
        "days_late": late,
        "sum": owed and owed.amount,
        "claimed": bool(owed) and owed.source == CLAIMED,
        "penalty": added_by_law(case, rule, late),
    }


def _span(span: Any) -> dict[str, Any]:
    language = get_language() or "fr"
    reason = span.label if span.label == "defer_until" else span.reason
    words = str(REASONS[reason])
    if span.label and reason != "defer_until":
        index = 1 if language == "en" else 0
        names = [HOLIDAYS[code][index] for code in span.label.split(", ") if code in HOLIDAYS]
        words = f"{words}{_(': ')}{', '.join(names)}" if names else words
    days = (span.end + timedelta(seconds=1)).date() - span.start.date()
    return {
        "from": span.start,
        "to": span.end,
        "counted": span.counted,
        "words": words,
        "length": _counted(span, days.days) if span.counted else "",
    }


def _counted(span: Any, days: int) -> str:
    length = span.end - span.start
    if length < timedelta(hours=23) or span.start.hour or span.start.minute:
        return saying.duration(length, get_language() or "fr")
    return ngettext("%(num)s day", "%(num)s days", days) % {"num": days}


def _length(one: Deadline, rule: DeadlineRule) -> str:
    if one.promise_id:
        return ""
    length = rule.duration_for(one.level)
    return length_words(length)


def _source(source: Any, key: str, language: str) -> str:
    reference = source.get("ref") if isinstance(source, dict) else None
    return str(reference.get(language, reference.get("fr"))) if isinstance(reference, dict) else key


def _ended(case: Case, one: Deadline, now: datetime) -> str:
    """How it ended, or by how much it is late now. A clock that was stopped grows no later."""
    language, zone = get_language() or "fr", timezone.get_current_timezone()
    until = one.stopped_at if one.state == Deadline.State.STOPPED else now
    late = until - one.due_at if until else timedelta()
    by = {"by": saying.duration(late, language)}
    if one.state == Deadline.State.STOPPED and one.stopped_at:
        what = {
            "what": event_name(one.stopped_by),
            "when": saying.moment(one.stopped_at, language, zone, now),
        }
        if late > timedelta():
            return _("%(what)s, %(when)s: %(by)s late.") % {**what, **by}
        return _("%(what)s, %(when)s: in time.") % what
    if one.state == Deadline.State.RUNNING and late > timedelta():
        return _("Late by %(by)s.") % by
    return ""

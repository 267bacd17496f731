"""Judge and party on the page of a case: who is kept apart and why, who is named, what contributors were asked."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from apaise.ground.accounts.models import User
from apaise.ground.ledger.models import Entry
from apaise.handling.contributions.models import ContextNote
from apaise.handling.contributions.policies import ask_refusal, askable, read_refusal
from apaise.intake.cases import naming, policies
from apaise.intake.cases.excluded import ConflictOverride, Exclusion
from apaise.intake.cases.exclusion import BECAUSE_NAMES, PARTIES, PERSONAL_TIE
from apaise.intake.cases.first_decision import first_decider, second_look_refusal
from apaise.intake.cases.letting_in import let_in_refusal
from apaise.intake.cases.models import Case
from apaise.intake.cases.named_staff import NamedStaff
from apaise.lib import clock

TOLD = "conflict.breached"
ASKED_NOTES = "notes"


def has_parties() -> dict[str, Exists]:
    """For the query that finds the case: whether there is anything to look up. Most cases have nothing of the kind."""
    named = NamedStaff.objects.filter(case=OuterRef("pk"), state=NamedStaff.State.OPEN)
    asked = ContextNote.objects.of_case(OuterRef("pk"))
    return {"names_staff": Exists(named), "has_context_notes": Exists(asked)}


def apart(case: Any, me: User, asked: str) -> dict[str, Any]:
    """Context of `_apart.html`. `asked`: which of its forms is open."""
    works = policies.work_refusal(me, case) is None
    leads = works and me.has_role(*policies.LEADS)
    exclusions = _exclusions(case, me)
    return {
        "apart": {
            "people": exclusions,
            "named": _named(case, me) if case.names_staff else [],
            "may_let_in": exclusions and let_in_refusal(me, case) is None,
            "let_in_until": _usual_end(),
            "may_end": leads,
            "second_look": _second_look(case, me),
            "may_keep_apart": leads,
            "colleagues": _colleagues(case) if leads and asked == "parties" else [],
            "functions": [(code, BECAUSE_NAMES[code]) for code in PARTIES],
            "ties": [(code, BECAUSE_NAMES[code]) for code in (*PARTIES[:3], PERSONAL_TIE)],
            "notes": _notes(case, me) if case.has_context_notes else [],
            "may_ask": ask_refusal(me, case) is None,
            "askable": askable(case) if asked == ASKED_NOTES and ask_refusal(me, case) is None else [],
            "open": asked if asked in ("parties", ASKED_NOTES, "tie") else "",
        }
    }


def with_context_notes(events: list[dict[str, Any]], case: Any, me: User) -> list[dict[str, Any]]:
    """The conversation with what contributors sent, where it came, for those who may read it."""
    if not case.has_context_notes or read_refusal(me, case):
        return events
    sent = ContextNote.objects.of_case(case).filter(state=ContextNote.State.SENT).select_related("person")
    added = [{"kind": "context", "context": note, "at": note.settled_at} for note in sent]
    return sorted([*events, *added], key=_moment)


def _moment(event: dict[str, Any]) -> datetime:
    told = event.get("message") or event.get("note")
    return told.at if told else event["at"]


def _exclusions(case: Case, me: User) -> list[dict[str, Any]]:
    rows = list(case.exclusions.all())
    if not rows:
        return []
    people = User.objects.in_bulk([row.user_id for row in rows])
    overrides = {
        one.exclusion_id: one
        for one in ConflictOverride.objects.filter(exclusion__in=rows)
        .select_related("by")
        .order_by("at", "pk")
    }
    breaches = {
        entry.facts["person"]: entry.facts for entry in Entry.objects.of(case.reference).filter(what=TOLD)
    }
    return [
        {
            "exclusion": row,
            "name": people[row.user_id].name,
            "ident": row.user_id,
            "because": BECAUSE_NAMES.get(row.because, row.because),
            "found": Exclusion.Found(row.found).label,
            "let_in": overrides.get(row.pk) if not row.holds else None,
            "breach": breaches.get(people[row.user_id].actor_code)
            if me.has_role("complaints_manager")
            else None,
        }
        for row in sorted(rows, key=lambda row: row.pk)
    ]


def _named(case: Case, me: User) -> list[dict[str, Any]]:
    return [
        {
            "named": one,
            "name": one.user.name,
            "passage": naming.passage(one),
            "refusal": naming.confirm_refusal(me, one),
            "keeps": naming.dismiss_refusal(me, one),
            "is_me": one.user_id == me.pk,
        }
        for one in naming.undecided(case)
    ]


def _second_look(case: Case, me: User) -> str:
    """Whom a second look would keep apart."""
    if not case.reopened_count or second_look_refusal(me, case):
        return ""
    decider = first_decider(case)
    return decider.name if decider else ""


def _colleagues(case: Case) -> list[tuple[int, str]]:
    apart = [one.user_id for one in case.exclusions.all()]
    staff = User.objects.filter(is_active=True).exclude(pk__in=apart).order_by("name")
    return list(staff.values_list("pk", "name")[:500])


def _notes(case: Case, me: User) -> list[dict[str, Any]]:
    readable = read_refusal(me, case) is None
    now = clock.now()
    rows = ContextNote.objects.of_case(case).select_related("person")
    return [
        {
            "note": note,
            "name": note.person.name,
            "question": note.question if readable else "",
            "why": note.text if readable and note.state == ContextNote.State.DECLINED else "",
            "is_late": note.state == ContextNote.State.ASKED and note.due_at < now,
        }
        for note in rows
    ]


def _usual_end() -> str:
    """A day from now, as a date field wants it."""
    return (clock.today(timezone.get_current_timezone()) + timedelta(days=1)).isoformat()

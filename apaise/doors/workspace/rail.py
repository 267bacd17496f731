"""The rail: what somebody does all day stands open, the rest folded by what it is about; only what they may open."""

from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, QuerySet, Subquery, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apaise.doors.workspace import readers
from apaise.doors.workspace.today.scope import OVER_OTHERS
from apaise.ground.accounts.models import Desk, User
from apaise.ground.packs.company import READERS as RULES
from apaise.ground.parties.importing.passes import import_refusal
from apaise.handling.contributions.models import ContextNote
from apaise.handling.lateness.register import READERS as BREACHES
from apaise.handling.policy.contacts import edit_refusal as contacts_refusal
from apaise.handling.routing.fairness import READERS as FAIRNESS
from apaise.handling.routing.rules import rules_refusal
from apaise.handling.routing.telling import edit_refusal as telling_refusal
from apaise.intake.cases.heard import alerts_of
from apaise.intake.cases.policies import LEADS, WORKERS
from apaise.intake.cases.renewals import READERS as RENEWALS
from apaise.intake.cases.what_if.trial import try_refusal
from apaise.intake.channels.models import Arrival
from apaise.intake.channels.post.out import to_post

ON_A_PHONE = 4  # entries of the bar at the foot; the rest is behind its menu
SEES_CASES = ("handler", "team_lead", "complaints_manager", "auditor", "executive")
Entry = dict[str, Any]


class Counts(NamedTuple):
    """What waits for this person."""

    alerts: int
    notes: int
    notes_asked: int
    letters: int
    quarantined: int
    desks: int  # of their teams


def rail(user: User, here: str) -> dict[str, Any]:
    """Context of the rail. `here` names the entry of the page shown."""
    entries = _daily(user, _waiting(user))
    groups = [
        _group("team", _("Team"), "team", _team(user)),
        _group("rules", _("Rules"), "scales", _rules(user)),
        _group("house", _("Administration"), "gear", _house(user)),
    ]
    for entry in entries + [entry for group in groups for entry in group["entries"]]:
        entry["current"] = entry["here"] == here
    # A fold around one page would only hide it.
    entries += [entry for group in groups if len(group["entries"]) == 1 for entry in group["entries"]]
    groups = [group for group in groups if len(group["entries"]) > 1]
    for group in groups:
        group["current"] = any(entry["current"] for entry in group["entries"])
    return {
        "rail": entries,
        "rail_groups": groups,
        "rail_behind": sum(entry["count"] for entry in entries[ON_A_PHONE:]),
    }


def _waiting(user: User) -> Counts:
    asked, sees_cases = ContextNote.objects.asked_of(user), user.has_role(*SEES_CASES)
    found = _counts(
        user,
        alerts_of(user).filter(seen_at__isnull=True),
        asked,
        asked.waiting(),
        to_post(user) if sees_cases else None,
        Arrival.objects.visible_to(user).in_quarantine() if sees_cases else None,
        Desk.objects.filter(team_id__in=user.team_ids) if user.has_role(*WORKERS) else None,
    )
    return Counts(*found)


def _daily(user: User, waiting: Counts) -> list[Entry]:
    """What is opened again and again."""
    sees_cases, leads = user.has_role(*SEES_CASES), user.has_role(*LEADS)
    alerts = _entry(
        "alerts", _("Alerts"), "flag", waiting.alerts, ngettext("alert", "alerts", waiting.alerts)
    )
    asked = _entry(
        "asked-notes",
        _("Context notes asked of me"),
        "pen",
        waiting.notes_asked,
        ngettext("note to write", "notes to write", waiting.notes_asked),
    )
    writes_notes = bool(waiting.notes) or user.has_role("contributor")
    if not sees_cases:
        return [alerts, asked] if writes_notes else [alerts]
    today, cases = _entry("today", _("Today"), "wall"), _entry("cases", _("Cases"), "inbox")
    return [
        *((today, cases) if leads else (cases, today)),
        _entry("tasks", _("To do"), "check"),
        *([_entry("entry-phone", _("New case"), "plus", key="c")] if _takes_in(user, waiting) else []),
        alerts,
        *([asked] if writes_notes else []),
        _entry("people", _("Customers"), "people"),
        *_mail_room(waiting),
    ]


def _takes_in(user: User, waiting: Counts) -> bool:
    """What `entry_refusal` says, without a question of its own: the rail stands on every page."""
    return user.has_role("complaints_manager") or (user.has_role(*WORKERS) and waiting.desks > 0)


def _mail_room(waiting: Counts) -> list[Entry]:
    quarantined, letters = waiting.quarantined, waiting.letters
    return [
        _entry(
            "quarantine",
            _("Quarantine"),
            "filter",
            quarantined,
            ngettext("message waiting", "messages waiting", quarantined),
        ),
        _entry("post", _("Letters to post"), "letter", letters, ngettext("letter", "letters", letters)),
    ]


def _team(user: User) -> list[Entry | None]:
    """Who is there, who holds what, and what did not go well."""
    return [
        _entry("team", _("Presence and absences"), "team") if user.has_role(*SEES_CASES) else None,
        _entry("load", _("Who holds what"), "chart") if user.has_role(*OVER_OTHERS) else None,
        _entry("routing-rules", _("Skills and rules"), "swap") if rules_refusal(user) is None else None,
        _entry("fairness", _("Fairness"), "scales") if user.has_role(*FAIRNESS) else None,
        _entry("breaches", _("Missed dates"), "clock") if user.has_role(*BREACHES) else None,
        _entry("renewals", _("Contracts renewed soon"), "reopen") if user.has_role(*RENEWALS) else None,
        _entry("form-figures", _("The public form"), "form")
        if user.has_role(*readers.FORM_FIGURES)
        else None,
    ]


def _rules(user: User) -> list[Entry | None]:
    """What we owe, who answers for it, and by which calendar."""
    reads, how = user.has_role(*RULES), user.has_role(*readers.CIRCUITS)
    return [
        _entry("packs", _("Packs"), "scales") if reads else None,
        _entry("policy", _("Public page"), "eye") if reads else None,
        _entry("contacts", _("Contacts"), "phone") if contacts_refusal(user) is None else None,
        _entry("policy-trials", _("Try a policy"), "search") if try_refusal(user) is None else None,
        _entry("circuits", _("Circuits and ladders"), "up") if how else None,
        _entry("calendars", _("Calendars"), "clock") if how else None,
        _entry("notifications", _("Who is told"), "flag") if telling_refusal(user) is None else None,
    ]


def _house(user: User) -> list[Entry | None]:
    """What is set up once and looked at when something is wrong."""
    runs_it = user.has_role("administrator")
    return [
        _entry("customer-files", _("Import of customers"), "file") if import_refusal(user) is None else None,
        _entry("mailboxes", _("Mailboxes"), "mail") if runs_it else None,
        _entry("sending", _("Outgoing mail"), "send") if runs_it else None,
        _entry("queue", _("Queue"), "gear") if runs_it else None,
        _entry("style-guide", _("Components"), "wall") if runs_it else None,
        _entry("outbox", _("Outbox of the demo"), "send")
        if settings.DEMO and user.has_role(*SEES_CASES)
        else None,
    ]


def _group(ident: str, label: Any, icon: str, entries: list[Entry | None]) -> dict[str, Any]:
    known = [entry for entry in entries if entry is not None]
    return {"ident": ident, "label": label, "icon": icon, "entries": known, "current": False}


def _counts(user: User, *asked: QuerySet[Any] | None) -> list[int]:
    """How many rows each of these finds, in one question: the rail stands on every page."""
    counted = {
        f"n{number}": Subquery(
            rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")
        )
        for number, rows in enumerate(asked)
        if rows is not None
    }
    found = User.objects.filter(pk=user.pk).values(**counted).get()
    return [found.get(f"n{number}") or 0 for number in range(len(asked))]


def _entry(
    here: str, label: Any, icon: str, count: int = 0, count_words: str = "", key: str | None = None
) -> Entry:
    href = reverse(f"workspace:{here}")
    return {
        "here": here,
        "label": label,
        "href": href,
        "icon": icon,
        "count": count,
        "count_words": count_words,
        "key": key,
    }

"""The rail of the staff pages: where one may go, and how much waits there."""

from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, QuerySet, Subquery, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apaise.ground.accounts.models import User
from apaise.ground.packs.company import READERS as RULE_READERS
from apaise.handling.contributions.models import ContextNote
from apaise.intake.cases.heard import alerts_of
from apaise.intake.cases.policies import LEADS, WORKERS
from apaise.intake.channels.models import Arrival
from apaise.intake.channels.post.out import to_post

Entry = dict[str, Any]
SEE_CASES = (*WORKERS, "auditor", "executive")


class Room(NamedTuple):
    """An entry without a count: its address, what it is called, its picture, and whose it is."""

    here: str
    label: Any
    icon: str
    roles: tuple[str, ...]


# Whom we serve, by which rules, and who of us does what.
HOUSE = (
    Room("people", _("Customers"), "people", SEE_CASES),
    Room("breaches", _("Missed dates"), "clock", (*LEADS, "quality", "auditor")),
    Room("notifications", _("Who is told"), "people", ("complaints_manager",)),
    Room("customer-files", _("Import of customers"), "file", ("administrator", "complaints_manager")),
    Room("policy-trials", _("Try a policy"), "swap", ("complaints_manager",)),
    Room("packs", _("Rules"), "scales", RULE_READERS),
    Room("contacts", _("Contacts"), "people", ("administrator",)),
    Room("team", _("Team"), "swap", SEE_CASES),
)
OUTBOX = Room("outbox", _("Outbox of the demo"), "send", SEE_CASES)
MACHINE_ROOM = (
    Room("mailboxes", _("Mailboxes"), "mail", ("administrator",)),
    Room("queue", _("Queue"), "gear", ("administrator",)),
    Room("sending", _("Outgoing mail"), "send", ("administrator",)),
    Room("style-guide", _("Components"), "wall", ("administrator",)),
)


def rail(user: User, here: str) -> list[Entry]:
    """What this person's rail holds; `here` is the entry where they are."""
    rooms = (*HOUSE, *((OUTBOX,) if settings.DEMO else ()), *MACHINE_ROOM)
    entries = [
        *_work(user),
        *(_entry(room.here, room.label, room.icon) for room in rooms if user.has_role(*room.roles)),
    ]
    return [{**entry, "current": entry["here"] == here} for entry in entries]


def _work(user: User) -> list[Entry]:
    """Cases, and what waits for a person."""
    sees_cases = user.has_role(*SEE_CASES)
    asked = ContextNote.objects.asked_of(user)
    alerts, notes, notes_asked, letters, arrivals = _counts(
        user,
        alerts_of(user).filter(seen_at__isnull=True),
        asked,
        asked.waiting(),
        to_post(user) if sees_cases else None,
        Arrival.objects.visible_to(user).in_quarantine() if sees_cases else None,
    )
    return [
        *(_cases(user) if sees_cases else ()),
        _entry("alerts", _("Alerts"), "flag", alerts, ngettext("alert", "alerts", alerts)),
        *([_notes_entry(notes_asked)] if notes or user.has_role("contributor") else ()),
        *(_waiting(arrivals, letters) if sees_cases else ()),
    ]


def _cases(user: User) -> list[Entry]:
    """Those who lead begin with the day, the others with the cases."""
    today, cases = _entry("today", _("Today"), "wall"), _entry("cases", _("Cases"), "inbox")
    first = [today, cases] if user.has_role(*LEADS) else [cases, today]
    tasks = _entry("tasks", _("To do"), "check")
    takes_in = user.has_role(*WORKERS)
    return [*first, tasks, *([_entry("entry-phone", _("New case"), "plus", key="c")] if takes_in else ())]


def _waiting(arrivals: int, letters: int) -> list[Entry]:
    words = ngettext("message waiting", "messages waiting", arrivals)
    return [
        _entry("quarantine", _("Quarantine"), "filter", arrivals, words),
        _entry("post", _("Letters to post"), "letter", letters, ngettext("letter", "letters", letters)),
    ]


def _notes_entry(asked: int) -> Entry:
    words = ngettext("note to write", "notes to write", asked)
    return _entry("asked-notes", _("Context notes asked of me"), "pen", asked, words)


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
) -> dict[str, Any]:
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

"""One case as a row of a list: plain values for the template."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.intake.cases import deadlines
from apaise.intake.cases.models import CHANNEL_NAMES, Case, CaseQuerySet, State
from apaise.lib import saying

CHANNEL_ICONS = {
    "email": "mail",
    "web_form": "form",
    "phone": "phone",
    "chat": "chat",
    "letter": "letter",
    "in_person": "people",
    "social_media": "eye",
    "review_site": "eye",
    "app": "screen",
}
SOON_PERCENT = 25
# What a row needs of the case and of those it names; a case has twice as many columns.
SHOWN = (
    "reference", "title", "channel", "state", "criticality", "reopened_count", "excerpt",
    "received_at", "next_due_at", "next_due_rule", "answer_by", "customer_wrote_at", "we_wrote_at",
    "complainant__name", "complainant__merged_into", "complainant__has_absorbed", "handler__name", "organisation__name",
)  # fmt: skip


def rows_of(cases: CaseQuerySet) -> list[Case]:
    """The cases with all that `row_of` shows: one query, and one more when somebody has no name."""
    found = fetched(cases)
    name(found)
    return found


def fetched(cases: CaseQuerySet) -> list[Case]:
    """The same, while those without a name wait for `name`: a page with several lists asks once for all of them."""
    return list(cases.select_related("complainant", "handler", "organisation").only(*SHOWN))


def name(cases: Iterable[Case]) -> None:
    """Fetch what nameless complainants are called by."""
    nameless = [case.complainant for case in cases if not case.complainant.name]
    if nameless:
        prefetch_related_objects(nameless, "addresses")


def row_of(case: Case, now: datetime, reader: User, *, current: bool = False) -> dict[str, Any]:
    """What a row shows (ui/list.html says which keys); no query of its own."""
    return {
        "reference": case.reference,
        "href": _address_before_reference() + case.reference,
        "customer": who(case),
        "channel": {"icon": CHANNEL_ICONS.get(case.channel, "inbox"), "words": CHANNEL_NAMES[case.channel]},
        "title": case.title or case.excerpt,
        "quote": case.excerpt,
        "chip": _chip(case),
        "ball": _ball(case, reader),
        "due": due_of(case, now),
        "then": _then(case),
        "unread": is_unread(case),
        "current": current,
    }


@lru_cache(maxsize=1)
def _address_before_reference() -> str:
    return reverse("workspace:case", args=["R"]).removesuffix("R")


def mini_row_of(case: Case, now: datetime, reader: User, *, current: bool = False) -> dict[str, Any]:
    """The same for the narrow list beside a conversation: when, without what."""
    row = row_of(case, now, reader, current=current)
    return {**row, "due": {**row["due"], "words": row["due"]["short"]}}


def who(case: Case) -> str:
    """Whom the case is about: the company, else the person."""
    return case.organisation.name if case.organisation else case.complainant.display_name()


def is_unread(case: Case) -> bool:
    """The customer wrote after our last words."""
    return bool(
        case.is_open
        and case.customer_wrote_at
        and (not case.we_wrote_at or case.customer_wrote_at > case.we_wrote_at)
    )


def _chip(case: Case) -> dict[str, Any] | None:
    if case.criticality in ("C1", "C2"):
        return {
            "label": case.criticality,
            "tone": "late" if case.criticality == "C1" else "soon",
            "icon": "flag",
        }
    return (
        {"label": _("Reopened"), "tone": "us", "icon": "reopen"}
        if case.reopened_count and case.is_open
        else None
    )


def _ball(case: Case, reader: User) -> dict[str, Any] | None:
    if case.ball == "customer":
        return {"name": who(case), "ident": f"person-{case.complainant_id}", "label": _("Customer")}
    if case.handler is None:
        return {"name": "?", "ident": "nobody", "label": _("Nobody yet")}
    label = _("Me") if case.handler_id == reader.pk else case.handler.name.split()[0]
    return {"name": case.handler.name, "ident": case.handler_id, "label": label}


def due_of(case: Case, now: datetime) -> dict[str, Any]:
    """The nearest deadline in words, with its ring."""
    if case.next_due_at is None:
        done = case.state in (State.ANSWERED, State.CLOSED)
        label = State(case.state).label
        return {"words": label, "short": label, "left": 100, "tone": "met" if done else None}
    left = left_percent(case.received_at, case.next_due_at, now)
    words = saying.relative_due(
        case.next_due_at, now, translation.get_language() or "fr", timezone.get_current_timezone()
    )
    tone = "late" if case.next_due_at < now else "soon" if left < SOON_PERCENT else None
    said = {"what": deadlines.label(case.next_due_rule), "when": words}
    whole = _("%(what)s, %(when)s") % said if tone == "late" else _("%(what)s %(when)s") % said
    return {"words": whole, "short": words, "left": left, "tone": tone}


def _then(case: Case) -> str:
    if case.state == State.AWAITING_CUSTOMER and case.answer_by:
        day = saying.day(case.answer_by, translation.get_language() or "fr", year=False, short=True)
        return _("Waiting for the customer until %(day)s") % {"day": day}
    return str(State(case.state).label) if case.next_due_at else ""


def left_percent(start: datetime, due: datetime | None, now: datetime) -> int:
    """How much of a clock is left, 0 to 100."""
    if due is None or due <= start:
        return 100 if due and due > now else 0
    return max(0, min(100, round(100 * (due - now).total_seconds() / (due - start).total_seconds())))

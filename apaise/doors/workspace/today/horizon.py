"""The dates of the next hours, person by person: a picture made here, and its table."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apaise.doors.workspace.today.scope import Scope
from apaise.intake.cases import deadlines, watch
from apaise.lib import saying

MOST_DATES, MOST_LANES = 200, 8
LEFT, RIGHT, TOP, LANE, WIDTH = 131, 875, 36, 29, 936
CLOSE = timedelta(hours=1)
ANSWERS = ("reply_target", "reply_hard_cap", "psp_reply", "final_response", "final_reply")


def horizon(scope: Scope, away: Mapping[int, Any]) -> dict[str, Any]:
    """Lanes of marks for the picture, rows for the table, and what the picture says in one sentence."""
    until = scope.now + watch.SOON
    dates = watch.falling(scope.cases, scope.now, until, MOST_DATES)
    names = {person.pk: person.name for person in scope.people} if dates else {}
    rows = [_row(one, names, away, scope.now) for one in dates]
    lanes: dict[str, list[dict[str, Any]]] = {}
    for one in rows:
        lanes.setdefault(one["who"], []).append(one)
    shown = list(lanes.items())[:MOST_LANES]
    risky = sum(one["risky"] for one in rows)
    sentence = ngettext("%(num)s date within four hours", "%(num)s dates within four hours", len(rows)) % {
        "num": len(rows)
    }
    return {
        "rows": rows,
        "lanes": [_lane(number, who, marks, scope.now) for number, (who, marks) in enumerate(shown)],
        "left_out": len(lanes) - len(shown),
        "hours": _hours(scope.now, until),
        "now_x": LEFT,
        "height": TOP + LANE * max(len(shown), 1) - 10,
        "said": _("%(dates)s, %(risky)s of them at risk.") % {"dates": sentence, "risky": risky},
    }


def _row(
    one: watch.Falling, names: Mapping[int, str], away: Mapping[int, Any], now: datetime
) -> dict[str, Any]:
    holder = one.handler_id
    kind = "promise" if one.is_promise else "answer" if one.rule in ANSWERS else "step"
    return {
        "at": one.at,
        "what": deadlines.label(one.rule),
        "kind": kind,
        "who": names.get(holder, "") if holder else _("Nobody yet"),
        "reference": one.reference,
        "href": reverse("workspace:case", args=[one.reference]),
        "risky": holder is None or holder in away or one.at - now < CLOSE,
    }


def _lane(number: int, who: str, marks: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    y = TOP + LANE * number
    return {
        "who": who if len(who) <= 18 else f"{who[:17]}…",
        "y": y,
        "marks": [
            {"x": round(_x(one["at"], now), 1), "kind": one["kind"], "risky": one["risky"]} for one in marks
        ],
    }


def _x(at: datetime, now: datetime) -> float:
    return LEFT + (RIGHT - LEFT) * ((at - now) / watch.SOON)


def _hours(now: datetime, until: datetime) -> list[dict[str, Any]]:
    """The full hours between two moments, each with its place."""
    zone, language = timezone.get_current_timezone(), translation.get_language() or "fr"
    first = now.astimezone(zone).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    hours = (first + timedelta(hours=number) for number in range(5))
    return [
        {"x": round(_x(one, now), 1), "words": saying.hour(one, language, zone)}
        for one in hours
        if one <= until
    ]

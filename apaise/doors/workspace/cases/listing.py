"""The list of cases, by next deadline."""

import base64
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apaise.doors.workspace.cases import finding, watching
from apaise.doors.workspace.cases.narrowing import (
    KEPT,
    VIEWS,
    active,
    address,
    choices,
    narrow,
    of_view,
    segment_names,
)
from apaise.doors.workspace.cases.row import row_of, rows_of
from apaise.doors.workspace.frame import frame
from apaise.intake.cases.models import CHANNEL_NAMES, NOT_DUE, Case, CaseQuerySet, State
from apaise.intake.cases.policies import WORKERS
from apaise.lib import clock

PAGE = 50
MOST_COUNTED = 999
BELIEVED_SECONDS = 60


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where a person starts: their cases, or what their role is for."""
    if request.user.has_role("team_lead", "complaints_manager"):
        return redirect("workspace:today")
    if request.user.has_role("handler", "auditor", "executive"):
        return redirect("workspace:cases")
    return redirect("workspace:queue" if request.user.has_role("administrator") else "workspace:alerts")


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """Fifty rows from the nearest deadline on, grouped by day; keyset paging, counts up to 999."""
    if request.GET.get("q", "").strip():
        return finding.found(request)
    return render(request, "workspace/cases/list.html", context_of(request))


def context_of(request: HttpRequest) -> dict[str, Any]:
    """What the list shows for this request."""
    now = clock.now()
    cases = Case.objects.visible_to(request.user)
    view = _view(request, cases)
    chosen = narrow(of_view(cases, view, request, now), request, view)
    found = _after(_ordered(chosen, view), request.GET.get("after"), view)
    rows = rows_of(found[: PAGE + 1])
    more, rows = len(rows) > PAGE, rows[:PAGE]
    return {
        **frame(request, "cases"),
        "views": [_tab(code, cases, view, request, now) for code in VIEWS],
        "view": view,
        "takes_in": request.user.has_role(*WORKERS),
        "groups": _groups(rows, now, request, view),
        "total": len(rows),
        "channel_choices": choices(request, "channel", CHANNEL_NAMES.items()),
        "state_choices": choices(request, "state", [(state.value, state.label) for state in State]),
        "segment_choices": choices(request, "segment", segment_names().items()),
        "active": active(request),
        "watching": [
            (watching.LABELS[name], choices(request, name, watching.choices(name)))
            for name in ("due", "level")
        ],
        "table": reverse("workspace:case-table") + address(request, view=view, after=None),
        "kept": {name: request.GET[name] for name in KEPT if request.GET.get(name)},
        "next": address(request, after=_key(rows[-1], view)) if more else None,
        "first": address(request, after=None) if "after" in request.GET else None,
    }


def _tab(code: str, cases: CaseQuerySet, view: str, request: HttpRequest, now: datetime) -> dict[str, Any]:
    count = None if code == "ended" else _known_count(of_view(cases, code, request, now), code, request)
    return {
        "label": VIEWS[code],
        "href": f"?view={code}",
        "current": code == view,
        "count": count,
        "tone": "late" if code == "late" and count != "0" else None,
    }


def _view(request: HttpRequest, cases: CaseQuerySet) -> str:
    asked = request.GET.get("view", "")
    if asked in VIEWS:
        return asked
    # A person who holds nothing starts with what waits for somebody.
    return "mine" if cases.open().mine(request.user).exists() else "team"


def _ordered(cases: CaseQuerySet, view: str) -> CaseQuerySet:
    return cases.order_by("-pk") if view == "ended" else cases.most_urgent_first()


def _after(cases: CaseQuerySet, key: str | None, view: str) -> CaseQuerySet:
    """The rows behind the last one shown. An unreadable key starts anew."""
    if not key:
        return cases
    try:
        due, last = json.loads(base64.urlsafe_b64decode(key.encode() + b"=="))
        if view == "ended":
            return cases.filter(pk__lt=int(last))
        return cases.behind(datetime.fromisoformat(due) if due else NOT_DUE, int(last))
    except (ValueError, TypeError, OverflowError):
        return cases


def _key(case: Case, view: str) -> str:
    due = case.next_due_at.isoformat() if case.next_due_at and view != "ended" else None
    return base64.urlsafe_b64encode(json.dumps([due, case.pk]).encode()).decode().rstrip("=")


def _known_count(cases: CaseQuerySet, code: str, request: HttpRequest) -> str:
    """A small count is always exact. That there are more than we count is believed for a minute."""
    key = f"many:{request.user.pk}:{code}"
    if cache.get(key):
        return f"{MOST_COUNTED}+"
    count = _count(cases)
    if count.endswith("+"):
        cache.set(key, True, BELIEVED_SECONDS)
    return count


def _count(cases: CaseQuerySet) -> str:
    found = cases.order_by().values("pk")[: MOST_COUNTED + 1].count()
    return f"{MOST_COUNTED}+" if found > MOST_COUNTED else str(found)


GROUPS = {
    "late": _("Late"),
    "today": _("Today"),
    "tomorrow": _("Tomorrow"),
    "week": _("This week"),
    "later": _("Later"),
    "none": _("No deadline on our side"),
    "ended": _("Ended, newest first"),
}


def _groups(rows: Iterable[Case], now: datetime, request: HttpRequest, view: str) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for case in rows:
        groups.setdefault("ended" if view == "ended" else _group(case, now), []).append(
            row_of(case, now, request.user)
        )
    return [{"code": code, "name": GROUPS[code], "rows": members} for code, members in groups.items()]


def _group(case: Case, now: datetime) -> str:
    if case.next_due_at is None:
        return "none"
    if case.next_due_at < now:
        return "late"
    zone = ZoneInfo(settings.TIME_ZONE)
    today, day = now.astimezone(zone).date(), case.next_due_at.astimezone(zone).date()
    if day == today:
        return "today"
    if day == today + timedelta(days=1):
        return "tomorrow"
    return "week" if day <= today + timedelta(days=6 - today.weekday()) else "later"
